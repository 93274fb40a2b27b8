"""Documents of records: what reading one for an import has in common, whatever the kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.providers.base import InvalidFields
from smstui.providers.fields import FieldSpec, Issue, Kind, Value, is_empty, joined_words
from smstui.store.errors import NotFound

if TYPE_CHECKING:
    from smstui.store.named import N, NamedRecords, R


class InvalidImport(SmstuiError):
    """A file of records cannot be taken over; ``problems`` has a line per entry at fault."""

    title = N_("Nothing was imported")

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: how many records are new, and how many took the place of older ones."""

    created: int
    replaced: int


def import_entries(
    records: NamedRecords[R, N, Any],
    document: Any,
    key: str,
    *,
    read: Callable[[dict[str, Any], R | None], N],
    taken: str,
    replace: bool,
) -> Imported:
    """Save the records that a document describes, all or none, and return how many are new.

    Args:
        records: the repository.
        document: ``{key: [{"name": …}, …]}``.
        key: "credentials" or the like.
        read: makes a record from an entry and the stored record of its name.
        taken: what is wrong with an entry whose name exists, when that is not to be replaced.
        replace: take over entries whose names exist.

    Raises:
        InvalidImport: at least one entry is at fault; nothing was saved.
    """
    entries = document.get(key) if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise InvalidImport([_('The document has no list called "{key}".').format(key=key)])
    problems: list[str] = []
    news: list[N] = []
    replaced = 0
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        name = _entry_name(entry)
        where = _("Entry {number} ({name})").format(number=number, name=name or _("no name"))
        if name.casefold() in seen:
            problems.append(_("{where}: the name occurs twice in the file.").format(where=where))
            continue
        seen.add(name.casefold())
        try:
            existing = records.by_name(name)
        except NotFound:
            existing = None
        if existing is not None and not replace:
            problems.append(f"{where}: {taken}")
            continue
        try:
            if not isinstance(entry, dict):
                raise SmstuiError(_("This is not an object with field names and values."))
            news.append(read(entry, existing))
        except SmstuiError as error:
            problems.append(f"{where}: {error.message}")
        replaced += existing is not None
    if problems:
        raise InvalidImport(problems)
    records.add_many(news, replace=replace)
    return Imported(created=len(news) - replaced, replaced=replaced)


def describe(created: str, imported: Imported) -> str:
    """Return what an import did.

    Args:
        created: the sentence on how many records are new.
        imported: what it did.
    """
    if not imported.replaced:
        return created
    replaced = ngettext("{n} was replaced.", "{n} were replaced.", imported.replaced)
    return created + " " + replaced.format(n=imported.replaced)


def vendor_of(entry: Mapping[str, Any]) -> str:
    """Return the vendor that an entry names.

    Raises:
        SmstuiError: it names none.
    """
    vendor = entry.get("vendor")
    if not isinstance(vendor, str):
        raise SmstuiError(_("The vendor is missing."))
    return vendor


def draft_from_json(
    specs: Mapping[str, FieldSpec], vendor: str, values: Mapping[str, Any]
) -> dict[str, Value]:
    """Return the fields of an entry as a draft, tidied; blank ones are left out.

    Args:
        specs: the fields there are.
        vendor: whose they are, for what is said of others.
        values: field names to JSON values.

    Raises:
        InvalidFields: a field is unknown, or holds a value of the wrong type.
    """
    draft: dict[str, Value] = {}
    issues: list[Issue] = []
    for name, value in values.items():
        spec = specs.get(name)
        if spec is None:
            said = _("{vendor} has no field {field}.").format(vendor=vendor, field=str(name)[:60])
            issues.append(Issue("name", said))
            continue
        try:
            tidied = _from_json(spec, value)
        except (TypeError, ValueError):
            said = _("{label} has a value of the wrong type.").format(label=_(spec.label))
            issues.append(Issue(name, said))
            continue
        if not is_empty(tidied):
            draft[name] = tidied
    if issues:
        raise InvalidFields(issues)
    return draft


def _entry_name(entry: Any) -> str:
    name = entry.get("name") if isinstance(entry, dict) else None
    return name.strip() if isinstance(name, str) else ""


def _from_json(spec: FieldSpec, value: Any) -> Value:
    if value is None:
        return None
    if spec.kind is Kind.SWITCH:
        if not isinstance(value, bool):
            raise TypeError
        return value
    if spec.kind is Kind.PAIRS:
        pairs = value.items() if isinstance(value, dict) else value
        return tuple((str(key), str(text)) for key, text in pairs)
    if spec.kind is Kind.WORDS and isinstance(value, list):
        value = joined_words(str(word) for word in value)
    if spec.kind is Kind.JSON and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, indent=2)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    text = spec.tidy(str(value)).value
    return SecretStr(text) if spec.is_secret else text
