"""How a credential model declares its fields; everything that shows or reads them starts here.

A field is a pydantic field whose annotation carries a `FieldSpec`::

    inbound_number: Annotated[str, FieldSpec(label=N_("Inbound Number"), check=e164)] = ""

Forms, checks, masking, import, export and the command line are derived from these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.text import REPLACEMENT, clean

Pairs = tuple[tuple[str, str], ...]
Value = str | int | bool | SecretStr | Pairs | None
"""What one field holds. Numbers may still be text in a draft."""
Draft = Mapping[str, Value]
"""A credential while it is being typed: field name to value, not yet known to be right."""


class Kind(StrEnum):
    """What a field holds, and so how a form draws it."""

    TEXT = "text"
    SECRET = "secret"  # noqa: S105 - the name of a kind of field, not a secret
    NUMBER = "number"
    SWITCH = "switch"
    CHOICE = "choice"
    PAIRS = "pairs"
    WORDS = "words"
    """Several words in one text, kept as "STOP, QUIT"; a word holds no comma."""
    JSON = "json"


class Severity(StrEnum):
    """An error blocks saving, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Offer:
    """A change to the form, made only when the person asks for it.

    Attributes:
        label: what it would do, translated; it never holds a secret value.
        changes: field names to their new values.
        remark: what to know before, translated: what of a paste is not followed.
    """

    label: str
    changes: Mapping[str, Value] = field(repr=False)
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Preset:
    """A starting point for a form.

    Attributes:
        name: as it is offered.
        fills: field names to values; some hold blanks in angle brackets.
        asks: fields that stay empty and that sending needs.
        remark: what to know before using it, marked with `N_`.
        source: the page that it was made from.
    """

    name: str
    fills: Mapping[str, Value]
    asks: tuple[str, ...]
    remark: str
    source: str

    def draft(self) -> dict[str, Value]:
        """Return what goes into the form."""
        return dict(self.fills)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing wrong with a field: which one, what and what to do, and how bad it is.

    ``message`` is already translated and never holds a secret value.
    """

    field: str
    message: str
    severity: Severity = Severity.ERROR
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a choice field: what is stored and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Tidied:
    """What became of typed or pasted text: the value to keep, and what was done to it."""

    value: str
    said: str = ""


def strip_blanks(text: str) -> Tidied:
    """Remove what copying drags along: blanks and line ends around, also as a literal ``\\n``.

    Unprintable characters inside go too: no identifier or token holds one.
    """
    value = clean(text).replace(REPLACEMENT, "").strip()
    while value.endswith(("\\n", "\\r")) or value.startswith(("\\n", "\\r")):
        value = value.removesuffix("\\n").removesuffix("\\r")
        value = value.removeprefix("\\n").removeprefix("\\r").strip()
    return Tidied(value, _("Blanks and line ends around it were removed.") if value != text else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSpec:
    """What a form, a check and a mask need to know of one field. Texts are marked with `N_`.

    Attributes:
        label: Adobe's label; the field's name is the same words in snake_case.
        help: one line, shown while the field has the focus.
        required: an empty value is an error; forms mark the others as optional.
        group: the fold-out it lives in, closed at first ("Advanced"); empty for none.
        length: the exact length people can count on, shown as "34 of 34" while typing.
        max_length: more is an error.
        minimum, maximum: bounds of a number.
        multiline: a text or secret of several lines (a PEM key, JSON with a secret inside). Line
            breaks may become blanks while it is typed or pasted: ``tidy`` puts them right.
        choices: the values of a choice field.
        locked_rows: pairs that stay first and keep their name; one with a value keeps that too.
        max_rows: how many pairs may stand beside those.
        pair_words: what the two cells of a pair say while they are empty.
        shown_when: whether the field applies to this draft; a hidden field is not checked and
            not kept.
        tidy: what becomes of typed text before anything looks at it.
        check: sentences on what is wrong with a non-empty value, as (severity, message) pairs.
        note: a remark beside the value ("United States"), empty for none; never for secrets.
        summary: shown in the strip that tells about a record.
        is_address: where secrets are sent to; another one wants them typed anew.
        account: of a secret: the field with the id of the account that it opens; empty where a
            credential names none. One secret is often in several credentials of an account.
        goes_with: the secret that this field belongs to, and is replaced with when that is
            rotated: the id of a key, the name of a user.
        default: what a new form starts with.
    """

    label: str
    kind: Kind = Kind.TEXT
    help: str = ""
    required: bool = False
    group: str = ""
    placeholder: str = ""
    length: int | None = None
    max_length: int | None = None
    minimum: int | None = None
    maximum: int | None = None
    multiline: bool = False
    choices: tuple[Choice, ...] = ()
    locked_rows: Pairs = ()
    max_rows: int | None = None
    pair_words: tuple[str, str] = (N_("name"), N_("value"))
    shown_when: Callable[[Draft], bool] | None = None
    tidy: Callable[[str], Tidied] = strip_blanks
    check: Callable[[str], Iterable[tuple[Severity, str]]] | None = None
    note: Callable[[str], str] | None = None
    summary: bool = False
    is_address: bool = False
    account: str = ""
    goes_with: str = ""
    default: Value = None

    @property
    def is_secret(self) -> bool:
        """Whether the value is masked everywhere and never shown again once saved."""
        return self.kind is Kind.SECRET

    def applies_to(self, draft: Draft) -> bool:
        """Whether the field is shown, checked and kept for this draft."""
        return self.shown_when is None or self.shown_when(draft)


def moved_addresses(specs: Mapping[str, FieldSpec], before: Draft, after: Draft) -> list[str]:
    """Return the names of the fields by which secrets would go to another address than before."""
    return [
        name
        for name, spec in specs.items()
        if spec.is_address and text_of(before.get(name)) != text_of(after.get(name))
    ]


def text_of(value: Value) -> str:
    """Return a text, number or secret value as plain text; the caller keeps it out of sight."""
    if value is None or isinstance(value, tuple):
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value)


def words_of(value: Value) -> tuple[str, ...]:
    """Return the words of a `Kind.WORDS` field, in their order."""
    return tuple(word.strip() for word in text_of(value).split(",") if word.strip())


def joined_words(words: Iterable[str]) -> str:
    """Return words as a `Kind.WORDS` field keeps them; the opposite of `words_of`."""
    return ", ".join(words)


def is_empty(value: Value) -> bool:
    """Whether the field was left empty; a switch never is."""
    if isinstance(value, bool):
        return False
    return not value if isinstance(value, tuple) else text_of(value) == ""


def check_fields(specs: Mapping[str, FieldSpec], draft: Draft) -> list[Issue]:
    """Return what is wrong with each value of a form by itself, as far as its field applies."""
    return [
        issue
        for name, spec in specs.items()
        if spec.applies_to(draft)
        for issue in check_field(name, spec, draft.get(name))
    ]


def check_field(name: str, spec: FieldSpec, value: Value) -> list[Issue]:
    """Return what is wrong with one value by itself, without looking at its neighbours."""

    def error(message: str) -> list[Issue]:
        return [Issue(name, message)]

    label = _(spec.label)
    if is_empty(value):
        return error(_("{label} is missing.").format(label=label)) if spec.required else []
    text = text_of(value)
    if spec.kind is Kind.NUMBER:
        try:
            number = int(text)
        except ValueError:
            return error(_("{label} is a whole number.").format(label=label))
        if spec.minimum is not None and number < spec.minimum:
            return error(_("The least is {minimum}.").format(minimum=spec.minimum))
        if spec.maximum is not None and number > spec.maximum:
            return error(_("The most is {maximum}.").format(maximum=spec.maximum))
        return []
    if spec.kind is Kind.CHOICE and text not in {choice.value for choice in spec.choices}:
        known = ", ".join(choice.value for choice in spec.choices)
        return error(_("{label} is one of: {known}.").format(label=label, known=known))
    if spec.max_length is not None and len(text) > spec.max_length:
        return error(
            _("At most {most} characters; this has {count}.").format(
                most=spec.max_length, count=len(text)
            )
        )
    if spec.check is None:
        return []
    return [Issue(name, message, severity) for severity, message in spec.check(text)]


GROUP_ADVANCED = N_("Advanced")
