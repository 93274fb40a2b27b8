"""Set-ups for the tests of the RCS wizard, and what these read from the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from pydantic import SecretStr
from textual.pilot import Pilot

from screens.rcs_step import FormPane
from screens.rcs_wizard import RcsWizardPage
from screens.shell import ShellScreen
from screens.widgets.text_pane import TextPane
from smstui.app import SmstuiApp
from smstui.providers.base import Outcome, Result
from smstui.rcs import stored
from smstui.rcs.base import StatusLine, Step, TaskNote, TaskState
from smstui.rcs.document import Document, LastStatus
from smstui.store import Store
from tests.conftest import NOW
from tests.rcs.set_ups import ACCOUNTS, PROFILE
from tests.screens.kit import focused
from tests.screens.verify.kit import shown, text, until

__all__ = ["focused", "shown", "text", "until"]

NAME = "Acme brand"
ADDRESS = f"rcs/{NAME}"
PASSWORD = SecretStr("a password of the callers")
ERROR = "✗"

ONLINE = (
    StatusLine(0, "rcs:acme_x1y2_agent", "TWILIO_REVIEW", TaskState.DOING),
    StatusLine(1, "IT", "ONLINE", TaskState.DONE),
    StatusLine(2, "TIM", "APPROVED", TaskState.DONE),
    StatusLine(2, "WindTre", "REJECTED", TaskState.REFUSED, "no opt-out in the video"),
    StatusLine(1, "DE", "PENDING_VERIFICATION", TaskState.DOING),
)
"""What a provider says of a sender."""


def filled(route: str = "Twilio", name: str = NAME) -> Document:
    """Return a new set-up whose registration is typed."""
    document = Document(name, route)
    specs = document.specs(Step.REGISTER)
    typed = {**ACCOUNTS[route], **{key: PROFILE[key] for key in PROFILE if key in specs}}
    if route == "Sinch":
        typed["use_case"] = "MULTIUSE"
    return document.typed(Step.REGISTER, typed)


def at(
    store: Store,
    step: Step,
    route: str = "Twilio",
    name: str = NAME,
    document: Document | None = None,
) -> Document:
    """Put a set-up into a store that has come to a step."""
    document = document or filled(route, name)
    made = stored.create(store, document.name, document.route_name)
    document = replace(document, id=made.id, revision=made.revision, step=Step.REGISTER)
    document = stored.remember(store, document)
    if route == "Infobip":
        for index in (0, 1):
            login = {"authentication": "basic", "caller_user": "acme"}
            document = document.typed_hook(index, {**login, "caller_password": PASSWORD})
    if route == "Sinch":
        document = document.typed_hook(0, {"hmac_secret": PASSWORD})
    numbers, ending = count(), document.name[-5:]

    def new_path() -> str:
        return f"{next(numbers)}x7Qm2vK9tR4wLpZ8sN1cY6{ending}"

    while document.step is not step:
        document = stored.advance(store, document, new_path=new_path)
    return document


def at_step(step: Step, route: str = "Twilio") -> Callable[[Store], None]:
    """Return what puts a set-up into a store that has come to a step."""

    def put(store: Store) -> None:
        at(store, step, route)

    return put


def under_review(document: Document) -> Document:
    """Return a set-up that waits for a review, as the provider has told."""
    since = NOW - timedelta(days=14)
    notes = {
        "sender": TaskNote(TaskState.DONE, since, "rcs:acme_x1y2_agent"),
        "details": TaskNote(TaskState.DONE, since, ""),
        "registration": TaskNote(TaskState.DOING, since, "ticket 4711"),
        "registration_us": TaskNote(TaskState.NOT_NEEDED, since, ""),
        "carriers": TaskNote(TaskState.REFUSED, NOW - timedelta(days=1), ""),
    }
    told = Outcome(result=Result.PENDING, word="twilio_review", summary="TWILIO_REVIEW")
    return replace(document, notes=notes, status=LastStatus(NOW, told, ONLINE))


def fill(store: Store) -> None:
    """Put set-ups into a store that have come to different steps."""
    at(store, Step.REGISTER, document=under_review(filled()))
    at(store, Step.WEBHOOK, "Infobip", "Acme news")
    at(store, Step.TEST, "Sinch", "Acme shop")


def page(pilot: Pilot[Any]) -> RcsWizardPage:
    """Return the wizard's page, also while a dialog is on top of it."""
    shells = [screen for screen in pilot.app.screen_stack if isinstance(screen, ShellScreen)]
    found = shells[0].page
    assert isinstance(found, RcsWizardPage)
    return found


def form_pane(pilot: Pilot[Any]) -> FormPane:
    """Return the step that is shown, which has a form."""
    return page(pilot).query_one(FormPane)


def pane(pilot: Pilot[Any]) -> str:
    """Return what stands in the text pane of the step."""
    return page(pilot).query_one(TextPane).text.plain


async def kept(pilot: Pilot[Any]) -> Document:
    """Return the set-up as the store has it."""
    document = page(pilot).base
    assert document.id is not None
    app = pilot.app
    assert isinstance(app, SmstuiApp)
    id_ = document.id
    found: Document = await app.context.session.call(lambda store: stored.load(store, id_))
    return found


async def until_kept(pilot: Pilot[Any], condition: Callable[[Document], bool]) -> None:
    """Wait until the store has what a condition wants."""
    for _turn in range(200):
        if page(pilot)._kept is not None and condition(await kept(pilot)):
            return
        await pilot.pause(0.02)
    raise AssertionError(f"it was never kept:\n{text(pilot)}")


async def turn(pilot: Pilot[Any], key: str, step: Step) -> None:
    """Press a key that leads to a step, and wait until it is shown."""
    await pilot.press(key)
    await until(pilot, lambda: page(pilot).base.step is step and bool(page(pilot)._pane))


async def type_into(pilot: Pilot[Any], name: str, value: str) -> None:
    """Go to a field and type into it."""
    form_pane(pilot).form.focus_field(name)
    await pilot.pause()
    await pilot.press(*value)
