"""A bundle as a document: what stands in it, and how it becomes JSON and is read again.

What is read here is shape and version alone; what the records say is looked at by
`smstui.bundles.plan`. Records refer to each other by name within their environment, never by id.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from smstui.bundles.errors import NotABundle, NotImported, newer
from smstui.i18n import _
from smstui.text import clean
from smstui.times import from_iso, iso

FORMAT = "smstui bundle"
VERSION = 1
DEEPEST = 50
"""Values within each other; what smstui writes has less than ten."""
REMARK = (
    "Environments, credentials, webhooks, channel configurations and RCS set-ups. "
    "No events, no consent, no audit trail, no history of verifications, no staged secrets."
)
"""What a plain document says of itself, in the language of the file format."""

Entry = Mapping[str, Any]
"""One record of a document: JSON values, its secrets wrapped when it was made here."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """What stands in a bundle.

    Attributes:
        made_at: when it was exported.
        made_by: by whom.
        made_with: by which version of the program.
        has_secrets: whether secrets stand in it; else they are blank.
        entries: the records by the key of their section, in the order of the file.
    """

    made_at: datetime
    made_by: str
    made_with: str
    has_secrets: bool
    entries: Mapping[str, Sequence[Entry]] = field(repr=False)


def to_json(bundle: Bundle) -> bytes:
    """Return a bundle as JSON; its secrets stand in it only when it has some."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": iso(bundle.made_at),
        "made_by": bundle.made_by,
        "made_with": bundle.made_with,
        "secrets": "included" if bundle.has_secrets else "blank",
        "remark": REMARK,
        **{
            key: [written(entry, with_secrets=bundle.has_secrets) for entry in entries]
            for key, entries in bundle.entries.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8") + b"\n"


def from_json(content: bytes, sections: Sequence[str]) -> Bundle:
    """Return the bundle that a document describes.

    Args:
        content: the document.
        sections: the keys of the sections there are.

    Raises:
        NotABundle: it is no JSON, or another kind of document.
        NewerBundle: a later version wrote it.
        NotImported: it is a bundle, and its shape is wrong.
    """
    document = _document(content)
    version = document.get("version")
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        raise NotImported([_(".version: a bundle of this smstui has version 1.")])
    if version > VERSION:
        raise newer(version)
    problems: list[str] = []
    made_at = _moment(document.get("made_at"), problems)
    texts = {key: _text(document, key, problems) for key in ("made_by", "made_with")}
    secrets = document.get("secrets")
    if secrets not in ("included", "blank"):
        problems.append(_(".secrets: this is “included” or “blank”."))
    known = {"format", "version", "made_at", "made_by", "made_with", "secrets", "remark"}
    for key in document:
        if key not in known and key not in sections:
            said = _(".{key}: smstui knows no such part of a bundle.")
            problems.append(said.format(key=clean(str(key)[:40])))
    entries = {}
    for key in sections:
        entries[key] = document.get(key, [])
        if not isinstance(entries[key], list):
            problems.append(_(".{key}: this is no list.").format(key=key))
    if problems or made_at is None:
        raise NotImported(problems)
    return Bundle(
        made_at=made_at,
        made_by=texts["made_by"],
        made_with=texts["made_with"],
        has_secrets=secrets == "included",
        entries=entries,
    )


def written(value: Any, *, with_secrets: bool) -> Any:
    """Return JSON values with the secrets in them in the clear, or blank."""
    if isinstance(value, SecretStr):
        return value.get_secret_value() if with_secrets else ""
    if isinstance(value, Mapping):
        return {key: written(item, with_secrets=with_secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [written(item, with_secrets=with_secrets) for item in value]
    return value


def filled(theirs: Any, ours: Any) -> Any:
    """Return an entry whose blank secrets are those of our own entry of the same record.

    Args:
        theirs: JSON values in which secrets are blank, or typed in by hand.
        ours: the entry of our own record, secrets wrapped.
    """
    if isinstance(ours, SecretStr):
        return ours.get_secret_value() if theirs in ("", None) else theirs
    if isinstance(theirs, dict) and isinstance(ours, Mapping):
        secrets = [key for key, value in ours.items() if isinstance(value, SecretStr)]
        missing = {key: "" for key in secrets if key not in theirs}
        return {key: filled(value, ours.get(key)) for key, value in {**theirs, **missing}.items()}
    if isinstance(theirs, list) and isinstance(ours, list):
        pairs = {pair[0]: pair[1] for pair in ours if _is_pair(pair)}
        return [
            [value[0], filled(value[1], pairs.get(value[0]))] if _is_pair(value) else
            filled(value, ours[place] if place < len(ours) else None)
            for place, value in enumerate(theirs)
        ]  # fmt: skip
    return theirs


def _is_deep(value: Any) -> bool:
    """Whether a value is nested deeper than any bundle, which reading it would not survive."""
    level = [value]
    for _depth in range(DEEPEST):
        level = [
            inside
            for each in level
            if isinstance(each, dict | list)
            for inside in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return False
    return True


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str)


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content.decode("utf-8-sig"))
        if _is_deep(document):
            raise RecursionError
        # Half a character, written as an escape, could neither be kept nor shown.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise NotABundle(_("This file is no bundle of smstui. Choose another.")) from None
    except json.JSONDecodeError as error:
        raise NotABundle(
            _("This is no bundle: it is not JSON at line {line}, column {column}.").format(
                line=error.lineno, column=error.colno
            )
        ) from None
    except (RecursionError, ValueError):
        raise NotABundle(_("This is no bundle: its JSON is not what smstui writes.")) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise NotABundle(
            _(
                "This JSON is no bundle of smstui. Lists of records are read by the import of "
                "their own kind, such as: smstui credentials import"
            )
        )
    return document


def _moment(value: Any, problems: list[str]) -> datetime | None:
    try:
        return from_iso(value)
    except (TypeError, ValueError, OverflowError):
        problems.append(_(".made_at: this is no date and time such as 2026-11-23T10:00:00Z."))
        return None


def _text(document: Mapping[str, Any], key: str, problems: list[str]) -> str:
    value = document.get(key, "")
    if not isinstance(value, str):
        problems.append(_(".{key}: this is no text.").format(key=key))
        return ""
    return clean(value[:200])
