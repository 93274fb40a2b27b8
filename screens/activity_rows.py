"""The rows and lines of the activity: who did what to which object, and when."""

from __future__ import annotations

from datetime import datetime

from screens.list_page import grouped
from screens.record_list import Listed
from screens.widgets.cells import Cell
from screens.widgets.columns import Column
from screens.widgets.detail_lines import Line
from smstui.activity import action_word, fields_line, kind_word
from smstui.i18n import N_, _, ngettext
from smstui.store.records import Action, AuditEntry
from smstui.times import ago

Row = Listed[AuditEntry]

COLUMNS = (
    Column[Row]("at", N_("UTC"), lambda at: Cell(f"{at.row.at:%Y-%m-%d %H:%M}", "muted"), 16),
    Column[Row]("user", N_("Who"), lambda at: Cell(at.row.user), 10, priority=2),
    Column[Row]("action", N_("What"), lambda at: Cell(action_word(at.row.action)), 16, priority=1),
    Column[Row]("kind", N_("Kind"), lambda at: Cell(kind_word(at.row.kind)), 11, priority=4),
    Column[Row]("name", N_("Object"), lambda at: Cell(at.row.name or "–"), 12, True),
    Column[Row](
        "fields",
        N_("Fields"),
        lambda at: Cell(fields_line(at.row), "muted"),
        24,
        True,
        priority=5,
    ),
)


def counted(total: int) -> str:
    """Return how many entries there are."""
    said = ngettext("{total} entry", "{total} entries", total)
    return said.format(total=grouped(total))


def object_name(entry: AuditEntry) -> str:
    """Return what was acted on: ``credential acme-main``."""
    return f"{kind_word(entry.kind)} {entry.name}".strip()


def who(entry: AuditEntry) -> str:
    """Return who acted, and from where when that was elsewhere."""
    if not entry.origin:
        return entry.user
    return _("{user}, from {origin}").format(user=entry.user, origin=entry.origin)


def fields_label(entry: AuditEntry) -> str:
    """Return what an entry tells by the names of fields."""
    match entry.action:
        case Action.VERIFIED:
            return _("Depth")
        case Action.UPDATED:
            return _("Changed")
    return _("Fields")


def strip_lines(entry: AuditEntry, now: datetime) -> list[Line]:
    """Return the three lines under the list."""
    lines: list[Line] = [
        [Cell(object_name(entry), "strong"), Cell(f"   {action_word(entry.action)}")],
        [Cell(f"{who(entry)} · {entry.at:%Y-%m-%d %H:%M:%S} UTC, {ago(entry.at, now)}", "muted")],
    ]
    if entry.fields:
        lines.append([Cell(f"{fields_label(entry)}: ", "muted"), Cell(fields_line(entry))])
    return lines
