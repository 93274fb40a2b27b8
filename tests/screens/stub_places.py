"""Two places with the plainest of pages, so that the shell is tested by itself."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input, Static

import screens.palette
import screens.places
import screens.shell
import screens.widgets.rail
from screens.page import Page
from screens.places import Place
from screens.widgets.secret_input import SecretInput

TOP = ("Administration", "Channels")


class ListPage(Page, can_focus=True):
    """Stands for a list: kept, with keys of its own, one of which cannot act."""

    help_text = "Everything that can be had here."
    keep = True
    BINDINGS = [
        Binding("n", "new", "New", id="list.new", tooltip="Make a new one"),
        Binding("e", "edit", "Edit", id="list.edit"),
        Binding("v", "verify", "Verify", id="list.verify", tooltip="Prove that it works"),
        Binding("d", "delete", "Delete", id="list.delete"),
        Binding("slash", "filter", "Filter", id="list.filter"),
    ]

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.times_shown = 0

    def compose(self) -> ComposeResult:
        yield Static(f"The list of {self.address}")

    def focus_first(self) -> None:
        self.focus()

    def shown(self) -> None:
        self.times_shown += 1

    def action_new(self) -> None:
        self.shell.navigate(f"{self.address}/+new")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if action == "delete" else True


class FormPage(Page):
    """Stands for a form: removed when one leaves, and dirty once something is typed."""

    needs_width = True

    @property
    def crumb(self) -> str:
        return self.address.rpartition("/")[2]

    @property
    def is_dirty(self) -> bool:
        return any(field.value for field in self.query(Input))

    def compose(self) -> ComposeResult:
        plain = Input(id="plain", compact=True, placeholder="plain")
        plain.cursor_blink = False
        yield plain
        yield SecretInput(id="secret", placeholder="secret")

    def focus_first(self) -> None:
        self.query_one("#plain").focus()


def place(path: str, *trail: str) -> Place:
    """Return a place whose own address shows a list and any other a form."""

    def build(rest: str) -> Page:
        return FormPage(f"{path}/{rest}") if rest else ListPage(path)

    return Place(path, (*TOP, *trail), build, "thing")


PLACES = (
    place("credentials", "SMS settings", "API Credentials"),
    place("webhooks", "SMS settings", "SMS Webhooks"),
    place("activity", "A place with a name too long for the rail"),
)


@pytest.fixture
def stub_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the plain places where the console's own are."""
    for module in (screens.places, screens.shell, screens.palette, screens.widgets.rail):
        monkeypatch.setattr(module, "PLACES", PLACES)
