"""What is told about the RCS set-up one stands on: a strip of lines, or a column when wide."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from screens.rcs_words import STATE_SIGNS, STATE_TONES, waiting_words
from screens.widgets.cells import Cell, fit
from screens.widgets.detail_lines import Line
from smstui.errors import SmstuiError
from smstui.i18n import _, ngettext
from smstui.providers.fields import text_of
from smstui.rcs.base import Step, TaskNote
from smstui.rcs.checklist import STATE_WORDS, left_of, waiting
from smstui.rcs.document import Document
from smstui.rcs.stored import load
from smstui.rcs.words import step_word
from smstui.store.errors import NotFound
from smstui.store.rcs_setups import SetupRow
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store import Store


@dataclass(frozen=True, slots=True)
class SetupDetail:
    """A set-up as the list tells about it.

    Attributes:
        row: as the list shows it.
        document: the set-up itself; None when this version cannot read it.
    """

    row: SetupRow
    document: Document | None


def read_detail(store: Store, setup_id: int) -> SetupDetail:
    """Read what is told about a set-up; done where the store lives.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    rows = store.rcs_setups.rows([setup_id])
    if not rows:
        raise NotFound(_("There is no such RCS set-up. Look for it in the list."))
    try:
        return SetupDetail(rows[0], load(store, setup_id))
    except NotFound:
        raise
    except SmstuiError:
        # A provider that this version does not know: the wizard says so when it is opened.
        return SetupDetail(rows[0], None)


def strip_lines(detail: SetupDetail, now: datetime, width: int) -> list[Line]:
    """Return the three lines under the list."""
    sender = "   ".join(_summary(detail.document))
    head: Line = [Cell(detail.row.name, "strong"), Cell(f"   {sender}" if sender else "", "muted")]
    if detail.document is None:
        return [head]
    return [head, [_waiting(detail.document, now)], [Cell(_left(detail.document), "muted")]]


def column_lines(detail: SetupDetail, now: datetime, width: int) -> list[Line]:
    """Return the lines beside the list, with the checklist."""
    name = textwrap.wrap(clean(detail.row.name), max(width, 1))
    lines: list[Line] = [[Cell(part, "strong")] for part in name]
    lines.append([Cell(f"{detail.row.route}, {step_word(detail.row.step)}", "muted")])
    document = detail.document
    if document is None:
        return lines
    lines += [[Cell(text)] for text in _summary(document)]
    waits = _waiting(document, now)
    lines += [[], *([Cell(part, waits.tone)] for part in textwrap.wrap(waits.text, max(width, 1)))]
    return [*lines, [], [Cell(_("Checklist"), "strong")], *_tasks(document, width)]


def _summary(document: Document | None) -> Iterator[str]:
    """Yield what tells one sender from another: its id, the brand."""
    if document is not None:
        for name, spec in document.specs(Step.REGISTER).items():
            if spec.summary and (text := text_of(document.register.get(name))):
                yield clean(text)


def _waiting(document: Document, now: datetime) -> Cell:
    said = waiting_words(*waiting(document.route, document.notes), now)
    return Cell(f"… {said}", "warning") if said else Cell(_("Waits for nobody."), "muted")


def _left(document: Document) -> str:
    """Return what is open: tasks, webhooks, credential."""
    left = left_of(document.route, document.notes)
    parts = [ngettext("{n} task open", "{n} tasks open", left).format(n=left)]
    parts.append(_("webhook saved") if document.has_webhooks else _("no webhook yet"))
    made = document.credential_id is not None
    parts.append(_("credential saved") if made else _("no credential yet"))
    return " · ".join(parts)


def _tasks(document: Document, width: int) -> Iterator[Line]:
    column = max(len(_(word)) for word in STATE_WORDS.values()) + 4
    for task in document.route.tasks:
        state = document.notes.get(task.key, TaskNote()).state
        told = f"{STATE_SIGNS[state]} {_(STATE_WORDS[state])}"
        label = fit(_(task.label), max(width - column, 8))
        yield [Cell(fit(told, column), STATE_TONES[state]), Cell(label)]
