"""The plans, projects and apps of the simulated Sinch; the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smstui.simulator.core import Ids, uuid
from smstui.simulator.tricks import Trouble

PLAN_NUMBER = "12025550142"
"""The sender that every plan has; as Sinch writes it, without ``+``."""

MMS_NUMBER = "12025550143"

ACTIVE, PENDING, FAILING = "ACTIVE", "PENDING", "FAILING"


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
class App:
    """An app of the Conversation API.

    Attributes:
        app_id: its ULID.
        name: its display name.
        channels: channel to its state.
        sms_plan: the plan behind its SMS channel.
        keeps_days: days that dispatched messages are kept; 0 is Sinch's default.
        callback_secret: signs the reports that go to an address given with a message.
        webhooks: where the reports on other messages go, and what subscribers send.
    """

    app_id: str
    name: str
    channels: dict[str, str]
    sms_plan: Plan
    keeps_days: int = 0
    callback_secret: str = field(default="", repr=False)
    webhooks: list[AppWebhook] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its access key and its apps."""

    project_id: str
    key_id: str
    key_secret: str = field(repr=False)
    apps: dict[str, App] = field(default_factory=dict)
    has_credit: bool = True
    trouble: Trouble = Trouble.NONE


def ulid(digits: str) -> str:
    """Return hex digits as a ULID: 26 characters of Crockford's alphabet."""
    return f"01{digits[:24].upper()}"


class Cast:
    """All plans and projects, and by name those that the account list and the tests speak of."""

    def __init__(self, ids: Ids) -> None:
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

    def _project(
        self, handle: str, *, has_credit: bool = True, trouble: Trouble = Trouble.NONE
    ) -> Project:
        project = Project(
            uuid(self._ids.fixed(f"sinch project {handle}")),
            uuid(self._ids.fixed(f"sinch key {handle}")),
            self._ids.fixed(f"sinch secret {handle}", 28),
            has_credit=has_credit,
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
        app = App(
            ulid(self._ids.fixed(f"sinch app {handle}")),
            name,
            dict(channels),
            plan or self.live_plan,
            keeps_days,
            self._ids.fixed(f"sinch callback secret {handle}"),
        )
        owner.apps[app.app_id] = app
        return app
