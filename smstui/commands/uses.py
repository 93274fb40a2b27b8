"""``smstui credentials uses`` and its like: which records use one, and which it uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from smstui.commands.common import Invocation, emit, table
from smstui.commands.options import record_options
from smstui.i18n import _
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.store.references import Use


def uses_command(kind: str) -> click.Command:
    """Return the command that tells where records of a kind are used.

    Args:
        kind: the word of the audit trail.
    """

    @click.command("uses", help="List the records that use NAME, and those that it uses.")
    @record_options
    @click.pass_obj
    def command(invocation: Invocation, name: str, as_json: bool) -> None:
        from smstui.uses import repository_of, uses_of

        with invocation.open_store() as store:
            records = repository_of(store, kind)
            found = uses_of(store, records, records.by_name(name).id)
        if as_json:
            users, used = _records(found.users), _records(found.used)
            emit({"name": found.name, "used_by": users, "uses": used})
            return
        table(
            (_("Relation"), _("Kind"), _("Name")),
            [*_rows(found.users, is_user=True), *_rows(found.used, is_user=False)],
        )

    return command


def _records(uses: Iterable[Use]) -> list[dict[str, Any]]:
    return [{"kind": use.kind, "name": use.name, "holds": use.holds} for use in uses]


def _rows(uses: Iterable[Use], *, is_user: bool) -> Iterable[tuple[str, ...]]:
    from smstui.activity import kind_word
    from smstui.uses import relation_word

    for use in uses:
        yield relation_word(use, is_user=is_user), kind_word(use.kind), clean(use.name)
