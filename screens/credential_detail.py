"""What is told about the credential one stands on: a strip of lines, or a column when wide."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from screens.widgets.cells import RESULT_TONES, Cell, fit
from screens.widgets.detail_lines import Line
from smstui.credentials import summary_of
from smstui.environments import sharing, sharing_warning
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.results import result_mark
from smstui.rotation import Phase, phase_of
from smstui.rotation_words import phase_words
from smstui.store.credentials import KIND
from smstui.text import clean, shorten_middle
from smstui.times import ago
from smstui.twins import same_as, twins_here
from smstui.uses import used_words

if TYPE_CHECKING:
    from smstui.store import Store
    from smstui.store.records import VerificationRecord

COLUMN_RUNS = 10
"""How many verifications the column tells about; the strip tells about the last one."""
LONGEST_VALUE = 16
"""Cells that a field takes in the strip; the middle of a longer one becomes an ellipsis."""

# What a verification keeps as its depth, in the words of the verify dialog.
_DEPTHS = (N_("check"), N_("probe"), N_("send"))


@dataclass(frozen=True, slots=True)
class CredentialDetail:
    """A credential as the list tells about it: no secret, only "set, ends in 4f2a".

    ``used`` says what uses it: "used by 2 webhooks, 1 channel", empty for nothing. ``rotation``
    says how far a second secret has come, ``same_as`` names others with the same secret here,
    ``shared`` other environments with it, and ``shared_warning`` says what Adobe says of that.
    """

    id: int
    name: str
    vendor: str
    summary: tuple[tuple[str, str], ...]
    created_by: str
    created_at: datetime
    modified_by: str
    modified_at: datetime
    runs: tuple[VerificationRecord, ...]
    used: str = ""
    rotation: Phase = Phase.NONE
    same_as: str = ""
    shared: tuple[str, ...] = ()
    shared_warning: str = ""


def read_detail(store: Store, credential_id: int, runs: int) -> CredentialDetail:
    """Read what is told about a credential; done where the store lives.

    Args:
        store: the store.
        credential_id: which credential.
        runs: how many of its latest verifications to read.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    record = store.credentials.get(credential_id)
    others = sharing(store, record)
    try:
        summary = tuple(summary_of(record))
    except SmstuiError:
        # A vendor that this version does not know: the form says so when it is opened.
        summary = ()
    return CredentialDetail(
        id=record.id,
        name=record.name,
        vendor=record.vendor,
        summary=summary,
        created_by=record.created_by,
        created_at=record.created_at,
        modified_by=record.modified_by,
        modified_at=record.modified_at,
        shared=tuple(dict.fromkeys(environment for environment, _name in others)),
        shared_warning=sharing_warning(others),
        used=used_words(store.references.used_by(KIND, record.id)),
        rotation=phase_of(store, record.id),
        same_as=same_as(twins_here(store, record)),
        runs=tuple(store.verifications.history(credential_id, limit=runs)),
    )


def strip_lines(detail: CredentialDetail, now: datetime, width: int) -> list[Line]:
    """Return the three lines under the list."""
    values = "   ".join(shorten_middle(text, LONGEST_VALUE) for _label, text in detail.summary)
    return [
        [Cell(detail.name, "strong"), Cell(f"   {values}" if values else "")],
        [Cell(_history(detail, now), "muted")],
        [*_last_run(detail, now), *_shared(detail)],
    ]


def column_lines(detail: CredentialDetail, now: datetime, width: int) -> list[Line]:
    """Return the lines beside the list, with the history of verifications."""
    lines: list[Line] = [
        [Cell(part, "strong")] for part in textwrap.wrap(clean(detail.name), width or 1)
    ]
    lines += [[Cell(detail.vendor, "muted")], []]
    for label, text in detail.summary:
        lines += [[Cell(label, "muted")], [Cell(shorten_middle(text, max(width, 4)))]]
    if detail.summary:
        lines.append([])
    # Always both, so that the lines below stay in place as one moves: what stays is not sent.
    lines.append([Cell(_("Created"), "muted")])
    lines.append([Cell(_by(detail.created_by, detail.created_at, now))])
    lines.append([Cell(_("Modified"), "muted")])
    lines.append([Cell(_by(detail.modified_by, detail.modified_at, now))])
    if detail.used:
        lines += [[Cell(part)] for part in textwrap.wrap(detail.used, max(width, 8))]
    if detail.rotation is not Phase.NONE:
        lines.append([Cell(phase_words(detail.rotation), "warning")])
    if detail.same_as:
        lines += [[Cell(p, "warning")] for p in textwrap.wrap(detail.same_as, max(width, 8))]
    if detail.shared_warning:
        warning = textwrap.wrap(f"! {detail.shared_warning}", max(width, 8))
        lines += [[Cell(part, "warning")] for part in warning]
    lines += [[], [Cell(_("Verifications"), "strong")]]
    if not detail.runs:
        return [*lines, [Cell(_("none yet; v verifies it"), "muted")]]
    return lines + [_run_line(run, now, width) for run in detail.runs]


def _history(detail: CredentialDetail, now: datetime) -> str:
    # What does not fit is cut: who depends on it matters more than who made it.
    parts = [
        detail.used,
        _("created by {who}, {when}").format(
            who=detail.created_by, when=ago(detail.created_at, now)
        ),
    ]
    if detail.modified_at != detail.created_at:
        parts.append(
            _("modified by {who}, {when}").format(
                who=detail.modified_by, when=ago(detail.modified_at, now)
            )
        )
    return " · ".join(filter(None, parts))


def _shared(detail: CredentialDetail) -> Line:
    said = [phase_words(detail.rotation)] if detail.rotation is not Phase.NONE else []
    if detail.same_as:
        said.append(detail.same_as)
    if detail.shared:
        said.append(_("! also used in {where}").format(where=", ".join(detail.shared)))
    return [Cell(f"   {part}", "warning") for part in said]


def _by(who: str, when: datetime, now: datetime) -> str:
    return _("by {who}, {when}").format(who=who, when=ago(when, now))


def _last_run(detail: CredentialDetail, now: datetime) -> Line:
    if not detail.runs:
        return [Cell(_("Never verified; v verifies it."), "muted")]
    run = detail.runs[0]
    return [
        Cell(_("last {depth}: ").format(depth=_(run.depth)), "muted"),
        Cell(result_mark(run.result, run.word), RESULT_TONES[run.result]),
        Cell(f", {ago(run.at, now)}", "muted"),
    ]


def _run_line(run: VerificationRecord, now: datetime, width: int) -> Line:
    mark = fit(result_mark(run.result, run.word), max(width - 17, 8))
    rest = f" {fit(_(run.depth), 5)} {fit(ago(run.at, now), 10, 'right')}"
    if run.result == "passed":
        return [Cell(mark + rest)]
    return [Cell(mark, RESULT_TONES[run.result]), Cell(rest)]
