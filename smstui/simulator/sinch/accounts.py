"""The plans, projects and apps of the simulated Sinch; the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.core import Ids, uuid
from smstui.simulator.sinch.rcs_senders import RcsSender
from smstui.simulator.tricks import Trouble

PLAN_NUMBER = "12025550142"
"""The sender that every plan has; as Sinch writes it, without ``+``."""

MMS_NUMBER = "12025550143"

ACTIVE, PENDING, FAILING = "ACTIVE", "PENDING", "FAILING"
KNOWN_CHANNELS = ("MMS", "RCS", "SMS", "WHATSAPP")

CHECKED_AFTER = timedelta(seconds=3)
"""How long a channel that was put on an app is PENDING."""

LONG_AGO = timedelta(days=30)
"""How old the RCS senders are that are there from the start."""


@dataclass(slots=True)
class Plan:
    """A service plan of the SMS API.

    Attributes:
        plan_id: its id.
        token: its own token.
        has_default: whether Sinch chooses a sender when none is given; else report 410.
        callback_url: where its reports and what subscribers text go; empty for nowhere.
        is_blocked: every message ends in report 413.
        trouble: what every request meets.
        callback_secret: signs its calls when the account manager has set it; empty for unsigned.
        callback_headers: sent with its calls.
    """

    plan_id: str
    token: str = field(repr=False)
    has_default: bool = True
    callback_url: str = "https://hooks.example.net/sinch"
    is_blocked: bool = False
    trouble: Trouble = Trouble.NONE
    callback_secret: str = field(default="", repr=False)
    callback_headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class AppWebhook:
    """A webhook of an app: what it is called for, and the secret that signs it, if any."""

    webhook_id: str
    target: str
    triggers: tuple[str, ...]
    secret: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Link:
    """A channel of an app.

    Attributes:
        state: what it comes to; empty for one that vanishes.
        credentials: as they were given.
        since: when it was put on the app; None for one that is there from the start.
        sender: the RCS sender behind it; None for one that reaches everybody.
    """

    state: str
    credentials: dict[str, Any] = field(repr=False)
    since: datetime | None = None
    sender: RcsSender | None = None

    def state_at(self, now: datetime) -> str:
        """Return its state; empty when it has vanished."""
        is_new = self.since is not None and now < self.since + CHECKED_AFTER
        return PENDING if is_new else self.state


@dataclass(frozen=True, slots=True)
class App:
    """An app of the Conversation API.

    Attributes:
        app_id: its ULID.
        name: its display name.
        links: its channels, by name.
        keeps_days: days that dispatched messages are kept; 0 is Sinch's default.
        callback_secret: signs the reports that go to an address given with a message.
        webhooks: where the reports on other messages go, and what subscribers send.
    """

    app_id: str
    name: str
    links: dict[str, Link]
    keeps_days: int = 0
    callback_secret: str = field(default="", repr=False)
    webhooks: list[AppWebhook] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its access key, its apps and its RCS senders."""

    project_id: str
    key_id: str
    key_secret: str = field(repr=False)
    apps: dict[str, App] = field(default_factory=dict)
    has_credit: bool = True
    trouble: Trouble = Trouble.NONE
    has_rcs: bool = True
    rcs_senders: dict[str, RcsSender] = field(default_factory=dict)


def ulid(digits: str) -> str:
    """Return hex digits as a ULID: 26 characters of Crockford's alphabet."""
    return f"01{digits[:24].upper()}"


class Cast:
    """All plans and projects, and by name those that the account list and the tests speak of."""

    def __init__(self, ids: Ids, started: datetime) -> None:
        self._ids = ids
        self.plans: dict[str, Plan] = {}
        self.projects: dict[str, Project] = {}
        self.live_plan = self._plan("live")
        self.no_default_plan = self._plan("no default", has_default=False)
        self.no_callback_plan = self._plan("no callback", callback_url="")
        self.blocked_plan = self._plan("blocked", is_blocked=True)

        self.live = self._project("live")
        every = {"MMS": ACTIVE, "RCS": ACTIVE, "SMS": ACTIVE}
        self.live_app = self._app("Acme Retail", every)
        self.keeping_app = self._app("Acme, keeps messages", every, keeps_days=7)
        self.pending_app = self._app("Acme, new", {**every, "MMS": PENDING, "RCS": PENDING})
        self.failing_app = self._app("Acme, failing", {**every, "MMS": FAILING, "RCS": FAILING})
        self.bare_app = self._app("Acme, bare", {"WHATSAPP": ACTIVE})
        self.no_fallback_app = self._app("Acme, RCS only", {"RCS": ACTIVE})
        self.other_plan_app = self._app("Acme, other plan", every, plan=self.blocked_plan)
        self._senders(started - LONG_AGO)
        self.newcomer = self._project("newcomer")
        self.new_app = self._app("Acme, new to RCS", {"SMS": ACTIVE}, project=self.newcomer)
        self.without_rcs = self._project("without RCS", has_rcs=False)
        self._app("Acme, without RCS", {"SMS": ACTIVE}, project=self.without_rcs)
        self.other = self._project("other")
        self.unpaid = self._project("unpaid", has_credit=False)
        self._app("Acme, unpaid", every, project=self.unpaid)

        self.troubled_plans: dict[Trouble, Plan] = {}
        self.troubled: dict[Trouble, Project] = {}
        for trouble in Trouble:
            if trouble:
                self.troubled_plans[trouble] = self._plan(trouble.value, trouble=trouble)
                self.troubled[trouble] = self._project(trouble.value, trouble=trouble)
                self._app("Acme", every, project=self.troubled[trouble])

    def project_of_key(self, key_id: str) -> Project | None:
        """Return the project that an access key belongs to."""
        return next((p for p in self.projects.values() if p.key_id == key_id), None)

    def plan_elsewhere(self) -> tuple[str, str]:
        """Return id and token of a plan that lives in another region, so not here."""
        return self._ids.fixed("sinch plan elsewhere"), self._ids.fixed("sinch token elsewhere")

    def app_elsewhere(self) -> str:
        """Return the id of an app of the live project that lives in another region."""
        return ulid(self._ids.fixed("sinch app elsewhere"))

    def _plan(
        self,
        handle: str,
        *,
        has_default: bool = True,
        callback_url: str = "https://hooks.example.net/sinch",
        is_blocked: bool = False,
        trouble: Trouble = Trouble.NONE,
    ) -> Plan:
        plan = Plan(
            self._ids.fixed(f"sinch plan {handle}"),
            self._ids.fixed(f"sinch token {handle}"),
            has_default,
            callback_url,
            is_blocked,
            trouble,
        )
        self.plans[plan.plan_id] = plan
        return plan

    def new_sender(
        self, project: Project, settled: dict[str, str], details: dict[str, Any], now: datetime
    ) -> RcsSender:
        """Give a project an RCS sender; Google has it when its brand was complete for a while."""
        handle = f"sinch rcs sender {project.project_id}"
        sender_id = uuid(self._ids.next(handle))
        name = f"demo_{self._ids.fixed(f'name {sender_id}', 12)}_agent"
        token = self._ids.fixed(f"token {sender_id}", 40)
        sender = RcsSender(sender_id, settled, details, name, token, now, now)
        project.rcs_senders[sender_id] = sender
        return sender

    def _senders(self, begun: datetime) -> None:
        """Give the live project a sender that is launched, and one that is in test."""
        settled = {
            "region": "US",
            "billingCategory": "NON_CONVERSATIONAL",
            "useCase": "TRANSACTIONAL",
        }
        done = self.new_sender(self.live, settled, _demo_details("Acme Retail", "IT", "US"), begun)
        done.branded = done.launched = begun
        bearer = self.live_app.links["RCS"].credentials["static_bearer"]
        done.auth_name, done.auth_token = bearer["claimed_identity"], bearer["token"]
        half = self.new_sender(self.live, settled, _demo_details("Acme Outlet", "IT"), begun)
        half.branded = begun
        half.invite("+393331234567", begun)

    def _project(
        self,
        handle: str,
        *,
        has_credit: bool = True,
        has_rcs: bool = True,
        trouble: Trouble = Trouble.NONE,
    ) -> Project:
        project = Project(
            uuid(self._ids.fixed(f"sinch project {handle}")),
            uuid(self._ids.fixed(f"sinch key {handle}")),
            self._ids.fixed(f"sinch secret {handle}", 28),
            has_credit=has_credit,
            has_rcs=has_rcs,
            trouble=trouble,
        )
        self.projects[project.project_id] = project
        return project

    def _app(
        self,
        name: str,
        channels: dict[str, str],
        *,
        project: Project | None = None,
        plan: Plan | None = None,
        keeps_days: int = 0,
    ) -> App:
        owner = project or self.live
        handle = f"{owner.project_id} {name}"
        app_id = ulid(self._ids.fixed(f"sinch app {handle}"))
        app = App(
            app_id,
            name,
            {
                channel: Link(state, _credentials(app_id, channel, plan or self.live_plan))
                for channel, state in channels.items()
            },
            keeps_days,
            self._ids.fixed(f"sinch callback secret {handle}"),
        )
        owner.apps[app.app_id] = app
        return app


def _credentials(app_id: str, channel: str, plan: Plan) -> dict[str, Any]:
    """Return the credentials of a channel that an app has from the start."""
    if channel == "MMS":
        login = {"username": "acme", "password": f"{app_id}-mms"}
        mms = {"account_id": "acme-mms", "api_key": f"{app_id}-mms-key"}
        return {"mms_credentials": mms | {"default_sender": MMS_NUMBER, "basic_auth": login}}
    if channel == "SMS":
        return {"static_bearer": {"claimed_identity": plan.plan_id, "token": plan.token}}
    agent = f"{app_id}-agent"
    return {"static_bearer": {"claimed_identity": agent, "token": f"{agent}-token"}}


def _demo_details(name: str, *countries: str) -> dict[str, Any]:
    """Return the details of a sender whose brand is complete."""
    brand = {
        "name": name,
        "description": f"Messages from {name}",
        "color": "#1E5AA8",
        "logoUrl": "https://example.com/logo.png",
        "bannerUrl": "https://example.com/banner.png",
        "privacyPolicyUrl": "https://example.com/privacy",
        "termsOfServiceUrl": "https://example.com/terms",
        "emails": [{"label": "Help", "address": "help@example.com"}],
    }
    return {"brand": brand, "countries": list(countries)}
