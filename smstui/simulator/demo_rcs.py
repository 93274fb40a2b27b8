"""The RCS set-ups of the demo: one that is finished, one that waits for Google's review.

As with the other records their past is not invented: status and test are really asked for and sent.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from pydantic import SecretStr

from smstui.credentials import keep_verification
from smstui.providers.fields import FieldSpec, Kind, Value
from smstui.rcs import errands, stored, trial
from smstui.rcs.base import Step, TaskState
from smstui.rcs.checklist import noted
from smstui.rcs.document import Document
from smstui.simulator.core import AccountInfo, Ids
from smstui.webhooks.settings import ReceiverSettings

if TYPE_CHECKING:
    import httpx

    from smstui.simulator.clock import DemoClock
    from smstui.simulator.server import Simulator
    from smstui.store import Store

_IDS = Ids("demo rcs")
FINISHED, WAITING = "acme-retail-rcs", "acme-outlet-rcs"
PHONE = "+393331234567"

_PROFILE: Mapping[str, Value] = {
    "color": "#1E5AA8",
    "logo": "https://www.acme.example.com/rcs/logo.png",
    "banner": "https://www.acme.example.com/rcs/banner.png",
    "phone": "+390212345678",
    "phone_label": "Customer care",
    "email": "care@acme.example.com",
    "website": "https://www.acme.example.com",
    "privacy": "https://www.acme.example.com/privacy",
    "terms": "https://www.acme.example.com/terms",
    "billing_category": "NON_CONVERSATIONAL",
    "use_case": "TRANSACTIONAL",
    "countries": "IT, US",
    "test_numbers": PHONE,
    "contact_name": "Ada Rossi",
    "contact_title": "Head of messaging",
    "contact_email": "ada@acme.example.com",
    "opt_in": "A box on the last page of the web shop, not ticked at first.",
    "opt_out": "You get no more messages from Acme. Reply START to come back.",
    "trigger": "An order that was placed, sent or delayed.",
    "interactions": "Subscribers follow a parcel, change its day, and ask for a person.",
    "video": "https://www.acme.example.com/rcs/agent.mp4",
}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a happening has at hand: the store as its actor, the simulator, clock and client."""

    store: Store
    simulator: Simulator
    clock: DemoClock
    client: httpx.AsyncClient

    def account(self, vendor: str, label: str) -> AccountInfo:
        """Return a simulated account."""
        accounts = self.simulator.accounts
        return next(info for info in accounts if (info.vendor, info.label) == (vendor, label))

    def open(self, name: str) -> Document:
        """Return a set-up as it stands."""
        return stored.load(self.store, self.store.rcs_setups.by_name(name).id)

    def begin(
        self, name: str, route: str, account: tuple[str, str], own: Mapping[str, Value]
    ) -> Document:
        """Make a set-up whose register step is filled in."""
        document = stored.create(self.store, name, route)
        specs = document.specs(Step.REGISTER)
        login = self.account(*account).fields
        typed = {key: _value(specs[key], text) for key, text in login.items() if key in specs}
        typed |= {key: value for key, value in _PROFILE.items() if key in specs}
        document = document.typed(Step.REGISTER, {**typed, **own})
        return stored.remember(self.store, document)

    def note(self, document: Document, **states: TaskState) -> Document:
        """Keep how tasks of the checklist stand from this day on."""
        notes = dict(document.notes)
        for key, state in states.items():
            notes = noted(notes, key, now=self.clock(), state=state)
        return stored.remember(self.store, dataclasses.replace(document, notes=notes))

    async def ask(self, document: Document) -> Document:
        """Ask the provider how it stands, and keep what it says."""
        carried = await errands.ask(document, client=self.client)
        taken = errands.take_in(document, carried.progress, self.clock())
        return stored.remember(self.store, taken)


@dataclass(frozen=True, slots=True)
class Happening:
    """One day of a set-up: how long before the demo begins, by whom, and what was done."""

    before: timedelta
    by: str
    do: Callable[[Scene], Awaitable[None]]


async def _begin_finished(scene: Scene) -> None:
    document = scene.begin(
        FINISHED,
        "Sinch",
        ("Sinch RCS", "live"),
        {"brand_name": "Acme Retail", "description": "News of your orders at Acme", "region": "us"},
    )
    scene.note(
        document,
        enabled=TaskState.DONE,
        brand=TaskState.DONE,
        questionnaire=TaskState.DONE,
        launch=TaskState.DOING,
    )


async def _launch_finished(scene: Scene) -> None:
    document = await scene.ask(scene.open(FINISHED))
    scene.note(document, test_device=TaskState.DONE)


async def _finish(scene: Scene) -> None:
    """Go through webhook, credential and test; what comes of the test is received."""
    secret = SecretStr(_IDS.fixed("secret of the webhook", 32))
    document = stored.advance(scene.store, scene.open(FINISHED))
    document = document.typed_hook(0, {"hmac_secret": secret})
    document = stored.advance(scene.store, document, new_path=lambda: _IDS.fixed("path", 32))
    document = stored.advance(scene.store, document)
    (hook,) = stored.webhooks_of(scene.store, document)
    url = ReceiverSettings.load(scene.store).url_of(hook.path)
    account = scene.account("Sinch RCS", "live")
    scene.simulator.set_webhook(
        account, inbound=url, feedback=url, secret=secret.get_secret_value()
    )
    document = scene.note(document, callbacks=TaskState.DONE)
    document = stored.remember(scene.store, document.typed(Step.TEST, {"to": PHONE}))
    record = stored.credential_of(scene.store, document)
    if record is not None:
        sender = trial.sender_of(document, record)
        run = trial.begun(sender, to=PHONE)
        events = trial.send(
            document,
            sender,
            run,
            arrivals=None,
            client=scene.client,
            monotonic=scene.clock.monotonic,
            sleep=scene.clock.sleep,
        )
        async for _event in events:
            pass
        keep_verification(scene.store, record.id, run)
    stored.go(scene.store, document, Step.DONE)


async def _begin_waiting(scene: Scene) -> None:
    document = scene.begin(
        WAITING,
        "Twilio",
        ("Twilio", "live, RCS in review"),
        {
            "display_name": "Acme Outlet",
            "description": "Offers of Acme's outlets",
            "countries": "IT, DE",
            "sender_id": "rcs:demo_review_agent",
            "messaging_service_sid": scene.account("Twilio", "live, RCS in review").fields[
                "message_sid"
            ],
        },
    )
    scene.note(
        document,
        service=TaskState.DONE,
        sender=TaskState.DONE,
        details=TaskState.DONE,
        test_device=TaskState.DONE,
        attach=TaskState.DONE,
        registration_us=TaskState.NOT_NEEDED,
    )


async def _hand_in(scene: Scene) -> None:
    document = scene.note(scene.open(WAITING), registration=TaskState.DOING)
    notes = noted(document.notes, "registration", now=scene.clock(), note="Twilio ticket 4711")
    stored.remember(scene.store, dataclasses.replace(document, notes=notes))


async def _ask_again(scene: Scene) -> None:
    await scene.ask(scene.open(WAITING))


HAPPENINGS = (
    Happening(timedelta(days=29), "grace", _begin_finished),
    Happening(timedelta(days=28), "ada", _begin_waiting),
    Happening(timedelta(days=20), "ada", _hand_in),
    Happening(timedelta(days=12), "grace", _launch_finished),
    Happening(timedelta(days=11.2), "grace", _finish),
    Happening(timedelta(hours=6), "ada", _ask_again),
)
"""Oldest first."""


def _value(spec: FieldSpec, text: str) -> Value:
    return SecretStr(text) if spec.kind is Kind.SECRET else text
