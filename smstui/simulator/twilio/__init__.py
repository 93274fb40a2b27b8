"""The simulated Twilio: the classic API, messaging v1 and v2, lookups v2 and OAuth on one host.

Accounts (`TwilioVendor.accounts` lists them with their secrets and what to expect):

=====================  ============================================================================
live                   full account: two services, RCS, numbers, short code, alphanumeric senders;
                       a secondary Auth Token from the start, others by API
keys of live           Main; Standard (Accounts answers 20003); restricted to sending or to reading
                       (70051 for the rest)
live, RCS new          an account of its own with one number and nothing else, which may do by API
                       what the others are refused (63105): create an RCS sender
subaccount             owned by live, whose token and Main key open it too
trial                  21608 but for +1 202 555 0199, text prefix, 21267, no RCS (10002)
test credentials       magic numbers only; nothing is kept or called back; all else 403 / 20008
suspended              reads answer, with ``status`` suspended; sending is 403 / 20005
closed                 401 / 20003
other region           good elsewhere, so 401 / 20003 here
throttled              429 / 20429 always; the others, at more than 20 requests at a time
fault, maintenance     500 / 20500, 503 / 20503 always
gateway                502 and an HTML page, always
slow                   right answers, each after 60 seconds
=====================  ============================================================================

Senders of live: +12025550142 works; +12025550143 has voice only (21661); +12025550144 is not usable
here (21606); 72345 is its short code, for +1 only (21659). Numbers of the others are 21660, unknown
ones 21659. Services without senders are 21704, with none that can send 21703.

Recipients: the last five digits of the number tell what becomes of the message.

=====================  ============================================================================
21211 21268 21408      refused at once with that code
21610 21611 21612
21614 21635
30001 30002 30036      ``failed`` with that code
30037 30450
30003 to 30008, 30018  ``undelivered`` with that code
30024 30032 30034
30035 30040
63003 63005 63013      by RCS ``undelivered`` with that code; by a service that has a phone number,
63018 63024 63035      for a recipient without ``rcs:``, delivered as SMS instead
63036
00001                  a tester of every RCS sender; one that is not approved in the recipient's
                       country reaches nobody else (63035) but whom its console has invited
00999                  stays ``sent`` for ever: a carrier without receipts
20429 20500 20503      HTTP 429, 500, 503 with that code; nothing is sent
00502                  HTTP 502 with an HTML page; nothing is sent
00301                  HTTP 307 to a login page; nothing is sent
00504                  accepted, and answered after 60 seconds
00444                  accepted, and the answer breaks off in the middle
00413                  accepted, and the answer is 8 MiB long
00204                  accepted, HTTP 200 with an empty body
00200                  accepted, HTTP 200 with an HTML page
07867 04357 78278      ``delivered``, and answered: STOP, HELP, START, YES on a phone's keys
00937
anything else          ``delivered`` after 2.5 seconds; by RCS ``read`` after 5
=====================  ============================================================================

RCS senders advance by the clock, seconds after they were made. The console's forms fill themselves
in; its other acts are `core.WithConsole`.

=====  ============================================================================================
0      CREATING; test devices are refused (63108), later those that end in 63036 (63106)
2      DRAFT; testers are reached, 3 seconds after they were invited
4 6 8  PENDING_VERIFICATION, VERIFYING, TWILIO_REVIEW; countries PENDING_VERIFICATION, then
       TWILIO_REVIEW, and carriers UNLAUNCHED, then CARRIER_REVIEW
16     ONLINE, as soon as one carrier has APPROVED it; countries likewise: DE at 16, IT at 18, US at
       28; the last carrier decides at 36
=====  ============================================================================================

WindTre in Italy is REJECTED always; with ``rejected`` in the name or id every carrier is, and the
sender OFFLINE. The RCS sender in review stays there. URLs of an RCS sender are used where its
service names none.

Where the docs are silent this is our reading: that a suspended account may still read; that 20005
and 70051 come with 403; that only messaging v2 speaks in problem details; the order of the checks.
Inbound messages are posted to the URL of the service, else of the number, and not kept. After a
STOP the number is not refused (21610). A failed call is not made again, as without ``#rc`` in the
URL.
Not simulated: scheduling, shortened links, media download, webhooks by PUT or to a fallback URL.
"""

from __future__ import annotations

import re

from starlette.routing import BaseRoute

from smstui.i18n import _
from smstui.simulator.core import (
    AccountInfo,
    Callback,
    Hook,
    Incoming,
    SimulatorFailed,
    World,
)
from smstui.simulator.tricks import Trouble
from smstui.simulator.twilio import auth_tokens, classic, inbound, products, rcs_api
from smstui.simulator.twilio.accounts import (
    LIVE_NUMBER,
    VERIFIED_RECIPIENT,
    Account,
    Key,
    Service,
)
from smstui.simulator.twilio.api import State
from smstui.simulator.twilio.errors import Refusal
from smstui.simulator.twilio.rcs_senders import demo_profile
from smstui.simulator.twilio.rules import E164

VENDOR = "Twilio"


class TwilioVendor:
    """Twilio as the simulator offers it."""

    def __init__(self, world: World) -> None:
        self._state = State(world)

    def routes(self) -> list[BaseRoute]:
        """Return its HTTP routes."""
        state = self._state
        return [
            *classic.routes(state),
            *products.routes(state),
            *rcs_api.routes(state),
            *auth_tokens.routes(state),
        ]

    def accounts(self, url: str) -> list[AccountInfo]:
        """Return its logins for a simulator that listens at url."""
        return [*self._live(url), *self._others(url), *self._troubled(url)]

    def set_webhook(self, account: AccountInfo, hook: Hook) -> None:
        """Set the URLs of an RCS sender, of an account's service, or of its number."""
        inbound.set_webhook(self._state.cast, account, hook)

    def incoming(self, account: AccountInfo, text: Incoming) -> list[Callback]:
        """Return the call that a subscriber's text makes; none when no URL is set."""
        return inbound.incoming(self._state.cast, self._state.world.ids, account, text)

    def add_rcs_sender(self, account: AccountInfo, name: str) -> str:
        """Make an RCS sender and return its SID."""
        state = self._state
        owner, _service = inbound.owner_of(state.cast, account)
        slug = re.sub(r"[^a-z0-9]+", "_", name.lower(), flags=re.ASCII).strip("_")[:24]
        sender_id = f"rcs:{slug}_{state.world.ids.next('rcs sender', 8)}_agent"
        profile = demo_profile(name)
        return state.cast.add_channel_sender(owner, sender_id, profile, state.world.clock()).sid

    def invite_tester(self, account: AccountInfo, sender: str, number: str) -> None:
        """Invite a test device of an RCS sender, by SID or id.

        Raises:
            SimulatorFailed: the sender is unknown or not ready, or the device cannot be invited.
        """
        owner, _service = inbound.owner_of(self._state.cast, account)
        found = owner.channel_senders.get(sender) or inbound.require_sender(owner, sender)
        now = self._state.world.clock()
        code = found.what_forbids(number, now) if E164.fullmatch(number) else 63107
        if code is not None:
            raise SimulatorFailed(str(Refusal(code)))
        if not found.invite(number, now):
            raise SimulatorFailed(_("No more test devices can be invited today."))

    def _live(self, url: str) -> list[AccountInfo]:
        cast = self._state.cast

        def with_service(label: str, service: Service, note: str) -> AccountInfo:
            return _info(url, label, cast.live, note, service=service)

        def with_key(label: str, key: Key, note: str) -> AccountInfo:
            return _info(url, label, cast.live, note, service=cast.sms_service, key=key)

        return [
            with_service(
                "live",
                cast.sms_service,
                _(
                    "Full account. The last five digits of the recipient name the ending: "
                    "30003 unreachable, 30006 landline, 30007 filtered, 21610 stopped, "
                    "00999 no receipt; anything else is delivered. A second Auth Token opens it, "
                    "too: {token}."
                ).format(token=cast.live.secondary),
            ),
            _info(url, "live, number only", cast.live, _("Sends from its number, no service.")),
            with_service(
                "live, RCS",
                cast.rcs_service,
                _("RCS first, SMS for recipients that end in 63035 or 63036."),
            ),
            with_service(
                "live, RCS in review",
                cast.review_service,
                _("Reaches testers only: recipients that end in 00001; others get 63035."),
            ),
            with_service(
                "live, empty service", cast.empty_service, _("The service has no sender: 21704.")
            ),
            with_service(
                "live, voice-only service",
                cast.unusable_service,
                _("The service has no sender that can send: 21703."),
            ),
            with_key("main key", cast.main_key, _("May do everything the token may.")),
            with_key(
                "standard key",
                cast.standard_key,
                _("Sends, but reading the account answers 20003."),
            ),
            with_key("send-only key", cast.send_key, _("Restricted: reading is refused, 70051.")),
            with_key("read-only key", cast.read_key, _("Restricted: sending is refused, 70051.")),
        ]

    def _others(self, url: str) -> list[AccountInfo]:
        cast = self._state.cast
        sid, token = cast.elsewhere()
        return [
            _info(
                url,
                "live, RCS new",
                cast.newcomer,
                _("Has a number and nothing else: make an RCS sender and a service."),
            ),
            _info(url, "subaccount", cast.sub, _("Owned by the live account.")),
            _info(
                url,
                "trial",
                cast.trial,
                _("Sends to {number} only; others are refused, 21608.").format(
                    number=VERIFIED_RECIPIENT
                ),
            ),
            _info(
                url,
                "test credentials",
                cast.test,
                _("Magic numbers only; reading is refused, 20008. Nothing is delivered."),
                number="+15005550006",
            ),
            _info(
                url,
                "suspended",
                cast.suspended,
                _("Reading works and says suspended; sending is refused, 20005."),
            ),
            _info(url, "closed", cast.closed, _("Every login is refused, 20003.")),
            AccountInfo(
                VENDOR,
                "other region",
                {
                    "account_sid": sid,
                    "auth_token": token,
                    "inbound_number": LIVE_NUMBER,
                    "api_host": url,
                },
                _("Good in another region, refused in this one: 20003."),
            ),
        ]

    def _troubled(self, url: str) -> list[AccountInfo]:
        notes = {
            Trouble.THROTTLED: _("Always too many requests: 429 with 20429."),
            Trouble.FAULT: _("Always a fault: 500 with 20500."),
            Trouble.MAINTENANCE: _("Never available: 503 with 20503."),
            Trouble.GATEWAY: _("A gateway answers with an HTML page, 502."),
            Trouble.SLOW: _("Answers after 60 seconds."),
        }
        return [
            _info(url, trouble.value, account, notes[trouble])
            for trouble, account in self._state.cast.troubled.items()
        ]


def _info(
    url: str,
    label: str,
    account: Account,
    note: str,
    *,
    service: Service | None = None,
    key: Key | None = None,
    number: str = "",
) -> AccountInfo:
    fields = {"account_sid": account.sid}
    if key is None:
        fields["auth_token"] = account.token
    else:
        fields |= {"api_key_sid": key.sid, "api_key_secret": key.secret}
    if service is not None:
        fields["message_sid"] = service.sid
    sender = number or next(iter(account.numbers), "")
    if sender:
        fields["inbound_number"] = sender
    return AccountInfo(VENDOR, label, fields | {"api_host": url}, note)
