"""Which editor a kind of field has, and the one form in which its values are compared."""

from __future__ import annotations

from pydantic import SecretStr
from textual.widget import Widget

from screens.widgets.chips_editor import ChipsEditor
from screens.widgets.editors import (
    BlockEditor,
    ChoiceEditor,
    SecretEditor,
    SwitchEditor,
    TextEditor,
)
from screens.widgets.pairs_editor import PairsEditor, with_locked_rows
from smstui.i18n import _
from smstui.providers.fields import (
    FieldSpec,
    Kind,
    Value,
    is_empty,
    joined_words,
    text_of,
    words_of,
)
from smstui.text import clean


def make_editor(spec: FieldSpec, value: Value, placeholder: str, *, has_stored: bool) -> Widget:
    """Return the editor for a field.

    Args:
        spec: the field.
        value: what it starts with, as `normal` returns it.
        placeholder: what is shown while it is empty.
        has_stored: whether a secret is stored for it.
    """
    match spec.kind:
        case Kind.SECRET:
            return SecretEditor(
                spec,
                value if isinstance(value, SecretStr) else None,
                placeholder,
                removable=has_stored and not spec.required,
            )
        case Kind.SWITCH:
            return SwitchEditor(_(spec.label), value)
        case Kind.CHOICE:
            return ChoiceEditor(spec, value)
        case Kind.PAIRS:
            return PairsEditor(spec, value)
        case Kind.WORDS:
            return ChipsEditor(spec, value, placeholder)
        case _ if is_block(spec):
            return BlockEditor(value)
        case _:
            return TextEditor(spec, value, placeholder)


def normal(spec: FieldSpec, value: Value) -> Value:
    """Return a value in the one form in which a field of that kind compares it."""
    match spec.kind:
        case Kind.SWITCH:
            return value is True
        case Kind.PAIRS:
            pairs = value if isinstance(value, tuple) else ()
            tidied = tuple((clean(name.strip()), clean(text.strip())) for name, text in pairs)
            return with_locked_rows(spec, tidied)
        case Kind.WORDS:
            return clean(joined_words(words_of(value)))
        case Kind.SECRET:
            if isinstance(value, SecretStr):
                return None if is_empty(value) else value
            return None if is_empty(value) else SecretStr(text_of(value))
        case _:
            return clean(text_of(value), keep="\n\t" if is_block(spec) else "")


def is_block(spec: FieldSpec) -> bool:
    """Whether a field's text has several lines, each shown as one."""
    return spec.kind is Kind.JSON or (spec.kind is Kind.TEXT and spec.multiline)
