"""The rows and lines of a rotation: which credentials take part, and how far each has come."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from screens.widgets.cells import Cell, Tone
from screens.widgets.columns import Column
from screens.widgets.detail_lines import Line
from smstui.credentials import shown_value
from smstui.i18n import N_, _
from smstui.providers.base import mask
from smstui.rotation import Member, Phase, rotatable
from smstui.rotation_words import PHASE_SIGNS, phase_mark
from smstui.text import clean
from smstui.times import ago

STEPS = {
    "stage": N_("Stage"),
    "verify": N_("Verify"),
    "promote": N_("Promote"),
    "discard": N_("Discard the old one"),
}
"""The steps of a rotation; each is begun by a key."""
HERE = {
    Phase.NONE: "stage",
    Phase.STAGED: "verify",
    Phase.FAILED: "verify",
    Phase.VERIFIED: "promote",
    Phase.PROMOTED: "discard",
}
"""The step that comes next in a phase."""
_TONES: dict[Phase, Tone] = {
    Phase.NONE: "muted",
    Phase.STAGED: "warning",
    Phase.FAILED: "error",
    Phase.VERIFIED: "success",
    Phase.PROMOTED: "success",
}
NEXT = {
    Phase.NONE: N_(
        "Make a second secret at the provider, then stage it here with s. What is in use stays in "
        "use meanwhile."
    ),
    Phase.STAGED: N_(
        "v asks the provider with the staged secret. Nothing is sent, and nothing in use changes."
    ),
    Phase.FAILED: N_(
        "Look what is wrong, then stage it again with s or verify again with v. What is in use "
        "works on as before."
    ),
    Phase.VERIFIED: N_(
        "p puts the staged secret in use at once, for all that are ticked or for none. The one in "
        "use now is kept for a roll-back."
    ),
    Phase.PROMOTED: N_(
        "The new secret is in use. b goes back to the old one, while the provider still takes it; "
        "d discards the old one for good."
    ),
}
"""What the next step does, and what it leaves as it is."""


class Row(NamedTuple):
    """A credential of the rotation: whether it takes part, and whether it is being asked."""

    member: Member
    is_ticked: bool
    is_asked: bool


def _name(row: Row) -> Cell:
    return Cell(f"[{'x' if row.is_ticked else ' '}] {row.member.record.name}")


def _secret(row: Row) -> Cell:
    if row.member.is_same:
        return Cell(_("this secret"))
    return Cell(_("another one"), "muted")


def _state(row: Row) -> Cell:
    if row.is_asked:
        return Cell(_("… asking the provider"), "warning")
    return Cell(phase_mark(row.member), _TONES[row.member.phase])


COLUMNS = (
    Column[Row]("name", N_("Credential"), _name, 18, True),
    Column[Row]("vendor", N_("Vendor"), lambda r: Cell(r.member.record.vendor), 9, priority=3),
    Column[Row](
        "environment",
        N_("Environment"),
        lambda r: Cell(r.member.environment, "muted"),
        11,
        priority=2,
    ),
    Column[Row]("secret", N_("Holds"), _secret, 11, priority=1),
    Column[Row]("state", N_("Rotation"), _state, 24),
)


def values_of(member: Member) -> list[tuple[str, str]]:
    """Return label and masked text of what is kept beside the values in use."""
    rotation = member.rotation
    if rotation is None:
        return []
    specs = rotatable(member.record)
    shown = []
    for name in rotation.names:
        label = _(specs[name].label) if name in specs else name
        if name in rotation.secrets:
            secret = rotation.secrets[name]
            shown.append((label, _("empty") if secret is None else mask(secret)))
        else:
            value = rotation.fields[name]
            pairs = tuple((key, text) for key, text in value) if isinstance(value, list) else value
            told = shown_value(specs[name], pairs) if name in specs and value else _("empty")
            shown.append((label, told))
    return shown


def detail_lines(row: Row | None, now: datetime, width: int) -> list[Line]:
    """Return what is told about the credential one stands on."""
    if row is None:
        return []
    member, width = row.member, max(width, 20)
    rotation, phase = member.rotation, member.phase
    head: Line = [
        Cell(clean(member.record.name), "strong"),
        Cell(f"   {phase_mark(member)}", _TONES[phase]),
    ]
    lines: list[Line] = [head]
    if rotation is not None:
        kept = "; ".join(f"{label}: {text}" for label, text in values_of(member))
        if rotation.promoted_at is not None:
            said = _("promoted by {who}, {when}; the old one is kept: {values}").format(
                who=rotation.promoted_by, when=ago(rotation.promoted_at, now), values=kept
            )
        else:
            said = _("staged by {who}, {when}: {values}").format(
                who=rotation.staged_by, when=ago(rotation.staged_at, now), values=kept
            )
        lines += _wrapped(said, width)
        if rotation.proof is not None:
            lines += _proof_lines(member, now, width)
    return [*lines, *_wrapped(_(NEXT[phase]), width, "muted")]


def _proof_lines(member: Member, now: datetime, width: int) -> Sequence[Line]:
    assert member.rotation is not None  # noqa: S101 - the caller saw it
    proof = member.rotation.proof
    assert proof is not None  # noqa: S101 - as above
    phase = member.phase
    if phase is Phase.STAGED:
        said = _("verified {when}, before the credential was changed; that counts no longer")
        return _wrapped(said.format(when=ago(proof.at, now)), width, "warning")
    said = _("{sign} verified by {who}, {when}: {summary}").format(
        sign=PHASE_SIGNS[Phase.FAILED if phase is Phase.FAILED else Phase.VERIFIED],
        who=proof.by,
        when=ago(proof.at, now),
        summary=proof.summary,
    )
    return _wrapped(said, width, _TONES[phase])


def _wrapped(text: str, width: int, tone: Tone = "") -> list[Line]:
    return [[Cell(part, tone)] for part in textwrap.wrap(clean(text), max(width, 1))]
