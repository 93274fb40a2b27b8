"""Two versions of one record, field by field; of secrets only whether they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pydantic import SecretStr

from smstui.credentials import shown_value
from smstui.i18n import _
from smstui.providers.fields import Draft, FieldSpec, Pairs, Value, is_empty, text_of
from smstui.secret_forms import is_secret_name


class Change(NamedTuple):
    """One field in which two versions differ, as a person may see it."""

    label: str
    before: str
    after: str


def changes_between(specs: Mapping[str, FieldSpec], before: Draft, after: Draft) -> list[Change]:
    """Return the fields in which two versions differ, in the order of the form.

    What a version holds in a field that does not apply to it counts as nothing.

    Args:
        specs: the fields.
        before: one version.
        after: the other.
    """
    changes: list[Change] = []
    for name, spec in specs.items():
        old, new = (
            draft.get(name) if spec.applies_to(draft) else None for draft in (before, after)
        )
        changes += _field_changes(spec, old, new)
    return changes


def _field_changes(spec: FieldSpec, old: Value, new: Value) -> Iterator[Change]:
    label = _(spec.label)
    if is_same(old, new):
        return
    if _is_pairs(old) and _is_pairs(new) and not spec.is_secret:
        yield from _pair_changes(label, old or (), new or ())  # type: ignore[arg-type]  # known by `_is_pairs`
        return
    one, other = _told(spec, old), _told(spec, new)
    yield Change(label, one, other if one != other else _("differs"))


def _pair_changes(label: str, old: Pairs, new: Pairs) -> Iterator[Change]:
    """Yield the pairs that differ, each by its name."""
    names = list(dict.fromkeys(name for name, _text in (*old, *new)))
    found = False
    for name in names:
        one, other = (tuple(text for key, text in pairs if key == name) for pairs in (old, new))
        if one == other:
            continue
        found = True
        was, becomes = _told_pair(name, one), _told_pair(name, other)
        yield Change(f"{label} · {name}", was, becomes if was != becomes else _("differs"))
    if not found:
        yield Change(label, ", ".join(name for name, _text in old), _("another order"))


def _told_pair(name: str, texts: tuple[str, ...]) -> str:
    shown = [_("set") if text and is_secret_name(name) else text for text in texts if text]
    return ", ".join(shown) or _("empty")


def _told(spec: FieldSpec, value: Value) -> str:
    """Return a value as a comparison shows it: nothing of a secret but that there is one."""
    if isinstance(value, bool):
        return shown_value(spec, value)
    if is_empty(value):
        return _("empty")
    if spec.is_secret or isinstance(value, SecretStr):
        return _("set")
    return shown_value(spec, value)


def _is_pairs(value: Value) -> bool:
    return isinstance(value, tuple) or is_empty(value)


def is_same(one: Value, other: Value) -> bool:
    """Whether two values say the same; numbers may still be text, and nothing has many forms."""
    if isinstance(one, bool) or isinstance(other, bool):
        return (one is True) == (other is True)
    if is_empty(one) or is_empty(other):
        return is_empty(one) and is_empty(other)
    if isinstance(one, tuple) or isinstance(other, tuple):
        return one == other
    return text_of(one) == text_of(other)
