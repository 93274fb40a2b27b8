"""A credential model with every kind of field, and the smallest application around its form."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from pydantic import SecretStr
from textual.app import App, ComposeResult

from screens.base import ConsoleScreen
from screens.theme import THEMES
from screens.widgets.form_filling import FillableForm
from screens.widgets.key_bar import KeyBar
from smstui.providers.base import Credential, Dialogue, Provider
from smstui.providers.fields import (
    Choice,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Offer,
    Pairs,
    Severity,
    Tidied,
    Value,
    is_empty,
    text_of,
)

CODE = "AC" + "0" * 32


def _starts_with_ac(text: str) -> Iterator[tuple[Severity, str]]:
    if not text.startswith("AC"):
        yield Severity.ERROR, "It starts with AC."


class Kinds(Credential):
    """A field of each kind, one that depends on another, and a group."""

    code: Annotated[
        str,
        FieldSpec(
            label="Code",
            help="Where the code is found.",
            required=True,
            length=34,
            check=_starts_with_ac,
        ),
    ]
    token: Annotated[
        SecretStr | None,
        FieldSpec(label="Token", kind=Kind.SECRET, help="Beside the code.", length=32),
    ] = None
    number: Annotated[
        str,
        FieldSpec(
            label="Number",
            placeholder="+15005550006",
            note=lambda text: "United States, mobile" if text.startswith("+1") else "",
        ),
    ] = ""
    channel: Annotated[
        str,
        FieldSpec(
            label="Channel type",
            kind=Kind.CHOICE,
            choices=(Choice("sms", "SMS"), Choice("rcs", "RCS")),
        ),
    ] = ""
    rate: Annotated[
        int | None,
        FieldSpec(
            label="API rate limit (requests per second)", kind=Kind.NUMBER, minimum=0, maximum=99
        ),
    ] = None
    own_dataset: Annotated[bool, FieldSpec(label="Use custom dataset", kind=Kind.SWITCH)] = False
    dataset: Annotated[
        str,
        FieldSpec(
            label="Dataset",
            required=True,
            shown_when=lambda draft: draft.get("own_dataset") is True,
        ),
    ] = ""
    headers: Annotated[Pairs, FieldSpec(label="Headers", kind=Kind.PAIRS)] = ()
    payload: Annotated[str, FieldSpec(label="Provider Payload", kind=Kind.JSON)] = ""
    key: Annotated[str, FieldSpec(label="API key", group="Advanced")] = ""
    key_secret: Annotated[
        SecretStr | None, FieldSpec(label="API key secret", kind=Kind.SECRET, group="Advanced")
    ] = None
    remarks: Annotated[str, FieldSpec(label="Remarks", multiline=True, group="Advanced")] = ""
    pem: Annotated[
        SecretStr | None,
        FieldSpec(
            label="Private key",
            kind=Kind.SECRET,
            group="Advanced",
            multiline=True,
            tidy=lambda text: Tidied("\n".join(text.split())),
        ),
    ] = None


class KindsProvider(Provider[Kinds]):
    """Rules between fields: a code that is a key, a login, a sender."""

    vendor = "Kinds"
    model = Kinds

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the fields taken together."""
        code = text_of(draft.get("code"))
        if code.startswith("SK"):
            offer = Offer("Move it to API key", {"code": "", "key": code})
            yield Issue("code", "This is an API key.", offer=offer)
        if is_empty(draft.get("token")) and is_empty(draft.get("key")):
            yield Issue("token", "A token or an API key is needed.")
        if text_of(draft.get("token")).startswith("SK"):
            change: Mapping[str, Value] = {"token": None, "key_secret": draft.get("token")}
            yield Issue(
                "token",
                "This is the secret of a key.",
                Severity.WARNING,
                Offer("Move it to API key secret", change),
            )
        if is_empty(draft.get("number")):
            yield Issue("number", "There is nothing to send from.", Severity.WARNING)

    def host(self, credential: Kinds) -> str:
        """Return no host: nothing is sent."""
        raise NotImplementedError

    def check_message(self, credential: Kinds, to: str, text: str) -> list[Issue]:
        """Return nothing: nothing is sent."""
        raise NotImplementedError

    def probe(self, credential: Kinds, to: str = "", text: str = "") -> Dialogue:
        """Ask nothing."""
        raise NotImplementedError

    def message(self, credential: Kinds, to: str, text: str) -> Dialogue:
        """Send nothing."""
        raise NotImplementedError

    def status(self, credential: Kinds, message_id: str) -> Dialogue | None:
        """Ask nothing."""
        raise NotImplementedError


class FormScreen(ConsoleScreen[None]):
    """A form and the row of keys, as a page has them."""

    CSS_PATH = ["../../styles/app.tcss", "../../styles/form.tcss"]
    AUTO_FOCUS = None
    BINDINGS = [("ctrl+s", "submit", "Submit"), ("ctrl+g", "take_offer", "Mend")]

    def __init__(self, initial: Draft, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self.form = FillableForm(Kinds.specs(), initial, check=KindsProvider().check, **settings)
        self.submitted = 0

    def compose(self) -> ComposeResult:
        yield self.form
        yield KeyBar()

    def on_mount(self) -> None:
        self.call_after_refresh(self.form.focus_first)

    async def action_submit(self) -> None:
        """Judge all fields and count when they are fine."""
        self.submitted += await self.form.submit()

    async def action_take_offer(self) -> None:
        """Make the offered change."""
        await self.form.take_offer()

    async def on_record_form_submitted(self) -> None:
        """Submit by Enter in the last field."""
        await self.action_submit()


class FormApp(App[None]):
    """The form of the model above, alone on the screen."""

    def __init__(self, initial: Draft | None = None, **settings: Any) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.animation_level = "none"
        self.page = FormScreen(initial or {}, settings)

    @property
    def form(self) -> FillableForm:
        """The form."""
        return self.page.form

    def on_mount(self) -> None:
        self.push_screen(self.page)
