"""The simulated Sinch: SMS API, Conversation API, Provisioning API and tokens on one host.

Three vendors of Adobe's log in here: Sinch by plan id and token; Sinch MMS and Sinch RCS by access
key (HTTP Basic or OAuth), project and app. `SinchVendor.accounts` lists them with their secrets.

=====================  ============================================================================
Sinch
live                   its plan chooses a sender by itself when none is given
no default sender      without Inbound Number every message ends in report 410
no callback URL        asking for reports without Override URL is 403 / missing_callback_url
blocked                every message ends in report 413
other region           good elsewhere, so 401 without a body here
wrong token            401 without a body
Sinch MMS, Sinch RCS
live                   the app has MMS, RCS and SMS, all ACTIVE; it keeps no messages
live, by halves        the same, by key id and key secret
keeps messages         the app keeps messages for 7 days: asking finds channel, and no status
channel pending        MMS and RCS are PENDING
channel failing        MMS and RCS are FAILING; a send is accepted and fails later
no channel             the app has WhatsApp alone: a send is 400 / INVALID_ARGUMENT
other region           the app is elsewhere, so 404 / NOT_FOUND here
other project          another project's key: 403 / PERMISSION_DENIED
no credit              403 with BILLING_CREDIT_LIMIT_BREACHED
deleted key            401 / UNAUTHENTICATED
Sinch RCS
live, RCS new          a project of its own, without RCS senders; its app has SMS alone
RCS not enabled        the Provisioning API answers 403 / rbm_has_not_been_used
no fallback            the app has RCS alone
other plan             the app's SMS goes by another plan than the credential's
wrong SMS token        the plan's token is wrong
all three
throttled, fault       429, 500; the SMS API without a body
maintenance            503
gateway                502 and an HTML page
slow                   right answers, each after 60 seconds
=====================  ============================================================================

Recipients: the last five digits of the number tell what becomes of the message.

=====================  ============================================================================
00400, 00401           SMS: stays Queued, stays Dispatched for ever; else: stays QUEUED_ON_CHANNEL
                       (00401)
00402 to 00408, 00410  SMS: ends in a report with that code
00411 00412
00999                  SMS: ends in Unknown, a receipt that cannot be read
00036                  by RCS not reachable: SWITCHING_CHANNEL, then SMS
00402 00404 00406      MMS, RCS and its SMS: FAILED with a reason, told to callbacks alone
00408 00412 00610
00417                  MMS: FAILED with MEDIA_NOT_REACHABLE
20429 20500 20503      HTTP 429, 500, 503; nothing is sent
00502                  HTTP 502 with an HTML page; nothing is sent
00301                  HTTP 307 to a login page; nothing is sent
00504                  accepted, and answered after 60 seconds
00444                  accepted, and the answer breaks off in the middle
00413                  accepted, and the answer is 8 MiB long
00204                  accepted, HTTP 200 with an empty body
00200                  accepted, HTTP 200 with an HTML page
07867 04357 78278      delivered, and answered: STOP, HELP, START, YES on a phone's keys
00937
anything else          delivered after 2.5 seconds (2 by the Conversation API); by RCS READ after 5
=====================  ============================================================================

RCS senders of the Provisioning API, and what is done with them, advance by the clock, in seconds:

=====  ============================================================================================
       sender: DRAFT until the brand is complete; from then on
0      IN_PROGRESS
3      IN_TEST: it has authName and authToken, and test numbers can be invited
23     the questionnaire, which one answers in the dashboard, has answered itself
       test number; one that was VERIFIED and is invited again is UNVERIFIED first
0      PENDING; 00401 for ever
1      INVALID for 00036
4      VERIFIED; REJECTED for 00408, DECLINED for 00610
       launch: 412 until the checklist is complete
0      PREPARING_LAUNCH; without a video PENDING_LAUNCH for 6 seconds before it
4      LAUNCHING
8 …    one operator after the other, each 4 seconds: LAUNCHED, each country 2 seconds after the one
       before; the sender is LAUNCHED when the last has decided
       channel of an app, by PATCH
0      PENDING
3      ACTIVE with authName and authToken of a sender; FAILING with others; with a sender's id in
       place of authName it has vanished
=====  ============================================================================================

With ``partly`` in the brand's name the last operator of each country has REJECTED a sender, with
``rejected`` all have (UNLAUNCHED). Through a channel that was linked so, verified test numbers are
reached, and others where an operator has launched the sender; else RECIPIENT_NOT_REACHABLE. The
live project has a sender that is launched, and one in test; its apps reach everybody.

Reports and inbound messages go to loopback addresses, and once more after 5 seconds when nobody
takes them. Those of the SMS API go to the plan's URL, reports to a batch's ``callback_url`` when it
has one, unsigned until the plan has a secret. Those of the Conversation API go to the app's
webhooks, signed with their secrets; reports to a message's ``callback_url`` when it has one, signed
with the app's secret. Where Sinch's pages are silent this is our
reading: the status that goes with a code, the code that goes with a broken rule, the order of the
checks, that a sender is not checked against the plan.
Not simulated: MMS by the SMS API, groups, scheduling, project keys on the SMS API, OAuth of
webhooks, contacts, conversations, webhooks of provisioning, test numbers in a sender's details.
"""

from __future__ import annotations

from starlette.routing import BaseRoute

from smstui.i18n import _
from smstui.providers.base import basic_auth
from smstui.simulator.core import (
    AccountInfo,
    Callback,
    Hook,
    Incoming,
    SimulatorFailed,
    World,
)
from smstui.simulator.sinch import conversation, inbound, provisioning, sms, webhooks
from smstui.simulator.sinch.accounts import MMS_NUMBER, PLAN_NUMBER, App, Plan, Project
from smstui.simulator.sinch.api import State
from smstui.simulator.tricks import Trouble

SMS, MMS, RCS = "Sinch", "Sinch MMS", "Sinch RCS"
MEDIA_URL = "https://cdn.example.net/picture.jpg"


class SinchVendor:
    """Sinch as the simulator offers it."""

    def __init__(self, world: World) -> None:
        self._state = State(world)

    def routes(self) -> list[BaseRoute]:
        """Return its HTTP routes."""
        parts = (sms, conversation, provisioning)
        return [route for part in parts for route in part.routes(self._state)]

    def accounts(self, url: str) -> list[AccountInfo]:
        """Return its logins for a simulator that listens at url."""
        found = [*self._plans(), *self._apps(MMS), *self._apps(RCS), *self._fallbacks()]
        found += self._troubled()
        return [
            AccountInfo(info.vendor, info.label, {**info.fields, "api_host": url}, info.note)
            for info in found
        ]

    def set_webhook(self, account: AccountInfo, hook: Hook) -> None:
        """Set the one URL of a plan, or the webhooks of an app.

        Raises:
            SimulatorFailed: the account is in another region; a plan would need two URLs.
        """
        if account.vendor != SMS:
            _project, app = self._app_of(account)
            ids = (self._state.next_ulid("webhook"), self._state.next_ulid("webhook"))
            webhooks.replace_all(app, hook, ids)
            return
        plan = self._plan_of(account)
        if hook.inbound and hook.feedback and hook.inbound != hook.feedback:
            raise SimulatorFailed(_("A plan of Sinch has one callback URL for everything."))
        plan.callback_url = hook.inbound or hook.feedback
        plan.callback_secret, plan.callback_headers = hook.secret, hook.headers

    def incoming(self, account: AccountInfo, text: Incoming) -> list[Callback]:
        """Return the calls that a subscriber's text makes; none when no URL is set.

        Raises:
            SimulatorFailed: the account is in another region.
        """
        number, words, due = text.number, text.text, text.due
        if account.vendor == SMS:
            plan = self._plan_of(account)
            return list(inbound.to_plan(self._state, plan, number, text.to, words, due))
        channel = "SMS" if text.to.removeprefix("+") == PLAN_NUMBER else account.vendor[-3:]
        owner = self._app_of(account)
        return list(inbound.to_app(self._state, *owner, channel, number, words, due))

    def _plan_of(self, account: AccountInfo) -> Plan:
        plan = self._state.cast.plans.get(account.fields["service_id"])
        if plan is None:
            raise SimulatorFailed(_("This account is in another region."))
        return plan

    def _app_of(self, account: AccountInfo) -> tuple[Project, App]:
        project = self._state.cast.projects[account.fields["project_id"]]
        app = project.apps.get(account.fields["app_id"])
        if app is None:
            raise SimulatorFailed(_("This account is in another region."))
        return project, app

    def _plans(self) -> list[AccountInfo]:
        cast = self._state.cast
        elsewhere, token = cast.plan_elsewhere()
        return [
            _by_plan(
                "live",
                cast.live_plan,
                _(
                    "The last five digits of the recipient name the ending: 00402 no route, "
                    "00408 rejected, 00999 no receipt; anything else is delivered."
                ),
            ),
            _by_plan(
                "no default sender",
                cast.no_default_plan,
                _("Without Inbound Number every message fails with 410."),
                sender="",
            ),
            _by_plan(
                "no callback URL",
                cast.no_callback_plan,
                _("Without Override URL sending is refused, missing_callback_url."),
            ),
            _by_plan("blocked", cast.blocked_plan, _("Every message fails with 413.")),
            AccountInfo(
                SMS,
                "other region",
                {"service_id": elsewhere, "api_token": token},
                _("Good in another region, refused in this one: 401."),
            ),
            AccountInfo(
                SMS,
                "wrong token",
                {"service_id": cast.live_plan.plan_id, "api_token": token},
                _("Refused: 401."),
            ),
        ]

    def _apps(self, vendor: str) -> list[AccountInfo]:
        cast = self._state.cast
        live = cast.live
        unpaid = next(iter(cast.unpaid.apps))

        def of(label: str, app: App, note: str) -> AccountInfo:
            return _by_app(vendor, label, live, app.app_id, cast.live_plan, note)

        halves = of("live, by halves", cast.live_app, _("The same, by key id and key secret."))
        fields = dict(halves.fields) | {"key_id": live.key_id, "key_secret": live.key_secret}
        del fields["api_token"]
        deleted = Project(live.project_id, live.key_id, cast.other.key_secret)
        return [
            of(
                "live",
                cast.live_app,
                _(
                    "Messages are accepted; delivery is told to callbacks alone. Recipients that "
                    "end in 00036 have no RCS."
                ),
            ),
            AccountInfo(vendor, halves.label, fields, halves.note),
            of(
                "keeps messages",
                cast.keeping_app,
                _("Asking for a message finds the channel that carries it."),
            ),
            of("channel pending", cast.pending_app, _("MMS and RCS are not active yet.")),
            of("channel failing", cast.failing_app, _("MMS and RCS are set up wrongly.")),
            of("no channel", cast.bare_app, _("The app has neither MMS nor RCS: 400.")),
            _by_app(
                vendor,
                "other region",
                live,
                cast.app_elsewhere(),
                cast.live_plan,
                _("The app is in another region, not found in this one: 404."),
            ),
            _by_app(
                vendor,
                "other project",
                Project(live.project_id, cast.other.key_id, cast.other.key_secret),
                cast.live_app.app_id,
                cast.live_plan,
                _("The access key is another project's: 403."),
            ),
            _by_app(
                vendor,
                "no credit",
                cast.unpaid,
                unpaid,
                cast.live_plan,
                _("The project has no credit: 403."),
            ),
            _by_app(
                vendor,
                "deleted key",
                deleted,
                cast.live_app.app_id,
                cast.live_plan,
                _("Every login is refused: 401."),
            ),
        ]

    def _fallbacks(self) -> list[AccountInfo]:
        cast = self._state.cast
        live = cast.live
        wrong = Plan(cast.live_plan.plan_id, cast.plan_elsewhere()[1])
        bare = next(iter(cast.without_rcs.apps))
        return [
            _by_app(
                RCS,
                "live, RCS new",
                cast.newcomer,
                cast.new_app.app_id,
                cast.live_plan,
                _("No RCS sender yet; the app has SMS alone."),
            ),
            _by_app(
                RCS,
                "RCS not enabled",
                cast.without_rcs,
                bare,
                cast.live_plan,
                _("The project may not have RCS senders: 403."),
            ),
            _by_app(
                RCS,
                "no fallback",
                live,
                cast.no_fallback_app.app_id,
                cast.live_plan,
                _("The app has RCS alone, no SMS."),
            ),
            _by_app(
                RCS,
                "other plan",
                live,
                cast.other_plan_app.app_id,
                cast.live_plan,
                _("The app's SMS goes by another plan."),
            ),
            _by_app(
                RCS,
                "wrong SMS token",
                live,
                cast.live_app.app_id,
                wrong,
                _("The plan's token is wrong: 401."),
            ),
        ]

    def _troubled(self) -> list[AccountInfo]:
        cast = self._state.cast
        notes = {
            Trouble.THROTTLED: _("Always too many requests: 429."),
            Trouble.FAULT: _("Always a fault: 500."),
            Trouble.MAINTENANCE: _("Never available: 503."),
            Trouble.GATEWAY: _("A gateway answers with an HTML page, 502."),
            Trouble.SLOW: _("Answers after 60 seconds."),
        }
        found = []
        for trouble, note in notes.items():
            plan, project = cast.troubled_plans[trouble], cast.troubled[trouble]
            found.append(_by_plan(trouble.value, plan, note))
            app = next(iter(project.apps))
            found += [
                _by_app(vendor, trouble.value, project, app, plan, note) for vendor in (MMS, RCS)
            ]
        return found


def _by_plan(label: str, plan: Plan, note: str, *, sender: str = PLAN_NUMBER) -> AccountInfo:
    fields = {"service_id": plan.plan_id, "api_token": plan.token}
    if sender:
        fields["inbound_number"] = f"+{sender}"
    return AccountInfo(SMS, label, fields, note)


def _by_app(
    vendor: str, label: str, project: Project, app_id: str, plan: Plan, note: str
) -> AccountInfo:
    token = basic_auth(project.key_id, project.key_secret)[1].removeprefix("Basic ")
    fields = {"project_id": project.project_id, "app_id": app_id, "api_token": token}
    if vendor == MMS:
        fields |= {"sender_number": f"+{MMS_NUMBER}", "test_media": MEDIA_URL}
    else:
        fields |= {"service_plan_id": plan.plan_id, "sms_api_token": plan.token}
    return AccountInfo(vendor, label, fields, note)
