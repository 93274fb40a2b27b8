"""Reading one entry of a bundle: its values by type, and a line for each that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeVar

from smstui.errors import SmstuiError
from smstui.i18n import _
from smstui.importing import draft_from_json
from smstui.providers.base import InvalidFields
from smstui.providers.fields import FieldSpec, Issue, Severity, Value
from smstui.text import clean

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

SHOWN = 60
"""Characters of a foreign name that stand in a sentence."""


class Reader:
    """Reads an object of a document; what is wrong goes into a list shared by all readers."""

    def __init__(self, value: Any, path: str, problems: list[str], name: str = "") -> None:
        """Begin to read.

        Args:
            value: the object.
            path: where it stands: ``.credentials[2]``.
            problems: takes a line for each thing that is wrong.
            name: the record's name, for those lines.
        """
        self.path = path
        self.name = name
        self._problems = problems
        self._read: set[str] = set()
        if not isinstance(value, Mapping):
            self.refuse("", _("this is not an object with names and values."))
            value = {}
        self.value: Mapping[str, Any] = value

    @property
    def is_right(self) -> bool:
        """Whether nothing was wrong so far, in this document."""
        return not self._problems

    def refuse(self, key: str, said: str) -> None:
        """Tell that something is wrong.

        Args:
            key: below the object; empty for the object itself.
            said: what is wrong; it never holds a secret.
        """
        path = f"{self.path}.{clean(key)}" if key else self.path
        where = f"{path} ({clean(self.name[:SHOWN])})" if self.name else path
        self._problems.append(f"{where}: {said}")

    def refuse_issues(self, issues: Iterable[Issue]) -> None:
        """Tell the errors among the issues of a record's own model."""
        for issue in issues:
            if issue.severity is Severity.ERROR:
                below = issue.field if issue.field in self.value else f"fields.{issue.field}"
                self.refuse(below, issue.message)

    def skip(self, *keys: str) -> None:
        """Pass over what was read elsewhere."""
        self._read.update(keys)

    def text(self, key: str, *, required: bool = True) -> str:
        """Return a text; empty when it is missing."""
        value = self._take(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str):
            self.refuse(key, _("a text is missing here."))
            return ""
        if required and not value.strip():
            self.refuse(key, _("this is empty."))
        return value.strip()

    def known(self, key: str, look_up: Callable[[str], T]) -> T | None:
        """Return what a text is the name of; None when there is no such thing."""
        try:
            return look_up(self.text(key))
        except SmstuiError as error:
            self.refuse(key, error.message)
            return None

    def choice(self, key: str, otherwise: E) -> E:
        """Return a text as one of the values of an enumeration; ``otherwise`` when it is none."""
        kind = type(otherwise)
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(each.value for each in kind)
            self.refuse(key, _("this is one of: {known}.").format(known=known))
            return otherwise

    def switch(self, key: str) -> bool:
        """Return a true or false; false when it is missing."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            self.refuse(key, _("this is true or false."))
        return value is True

    def below(self, key: str) -> Reader:
        """Return a reader of an object within; an empty one when it is missing."""
        value = self._take(key)
        return self._within({} if value is None else value, f"{self.path}.{key}")

    def each(self, key: str) -> list[Reader]:
        """Return a reader for each object of a list within; none when it is missing."""
        value = self._take(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, _("this is no list."))
            return []
        return [
            self._within(item, f"{self.path}.{key}[{place}]") for place, item in enumerate(value)
        ]

    def draft(self, specs: Mapping[str, FieldSpec]) -> dict[str, Value]:
        """Return the object as fields of a form; secrets are wrapped, blank ones left out."""
        draft: dict[str, Value] = {}
        for name, value in self.value.items():
            spec = specs.get(name)
            if spec is None:
                self.refuse(str(name)[:SHOWN], _("there is no such field."))
                continue
            try:
                draft |= draft_from_json(specs, "", {name: value})
            except InvalidFields as error:
                self.refuse(name, error.message)
                continue
            if name not in draft and value is not None and not spec.is_secret:
                draft[name] = ""  # Emptied on purpose: a default must not come back.
        return draft

    def finish(self) -> None:
        """Refuse what nobody asked for: a name that is written wrongly would go unheard."""
        for key in self.value:
            if key not in self._read:
                self.refuse(str(key)[:SHOWN], _("smstui knows nothing of that name here."))

    def _take(self, key: str) -> Any:
        self._read.add(key)
        return self.value.get(key)

    def _within(self, value: Any, path: str) -> Reader:
        return Reader(value, path, self._problems, self.name)
