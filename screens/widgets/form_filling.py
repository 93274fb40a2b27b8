"""A form that can be filled from elsewhere: by an offer, a paste or a preset."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from textual import on

from screens.widgets.form import RecordForm
from screens.widgets.form_field import FormField
from smstui.i18n import _
from smstui.providers.fields import Offer, Severity, Value, is_empty, text_of

Recognise = Callable[[str], Offer | str | None]
"""Says of a paste what it would fill in, or why it fits not, or None for a paste like any other."""


class FillableForm(RecordForm):
    """Makes changes that are offered, and shows a paste that is recognised as an offer."""

    def __init__(self, *given: Any, recognise: Recognise | None = None, **named: Any) -> None:
        """Make a form.

        Args:
            given: as for `RecordForm`.
            recognise: looks at each paste before it is inserted.
            named: as for `RecordForm`.
        """
        super().__init__(*given, **named)
        self._recognise = recognise
        self._offered: tuple[FormField, Offer] | None = None
        self._seen: tuple[str, int] | None = None

    # Offers

    @property
    def offer(self) -> Offer | None:
        """The change that is offered: a paste's, else the focused field's, else the first one."""
        if self._offered is not None:
            return self._offered[1]
        fields = [*self._fields.values()]
        if self._current is not None:
            fields.insert(0, self._current)
        issues = (issue for field in fields for issue in field.issues)
        return next((issue.offer for issue in issues if issue.offer is not None), None)

    async def take_offer(self) -> None:
        """Make the offered change and go to where the value went."""
        if self.offer is not None:
            await self.fill(self.offer.changes)

    def takes_paste(self, text: str) -> bool:
        """Offer what a paste would fill in, instead of inserting it.

        A value that belongs into the focused field is inserted, and so is a paste that is repeated
        there after it was offered.
        """
        field, before = self._current, self._seen
        self.drop_offer()
        self._seen = None
        if field is None or self._recognise is None or before == (field.key, hash(text)):
            return False
        found = self._recognise(text)
        if found is None or (isinstance(found, Offer) and _is_for(field, found, text)):
            return False
        self._seen = field.key, hash(text)
        if isinstance(found, str):
            field.say(found)
            return True
        self._offered = field, found
        field.show_offer(found)
        self.call_after_refresh(field.scroll_visible, animate=False)
        return True

    def drop_offer(self) -> bool:
        """Forget what a paste would fill in; True when there was such an offer."""
        if self._offered is None:
            return False
        field, _offer = self._offered
        self._offered = None
        field.show_offer(None)
        return True

    @on(FormField.Changed)
    def _typed(self) -> None:
        self.drop_offer()

    # Filling

    def replaced(self, changes: Mapping[str, Value]) -> list[str]:
        """Return the labels of fields whose content other than a default would be lost."""
        draft = self.draft()
        return [
            _(field.spec.label)
            for key, field in self._fields.items()
            if key in changes
            and key not in self._read_only
            and field.spec.applies_to(draft)
            and field.would_lose(changes[key])
        ]

    def put(self, key: str, value: Value) -> None:
        """Put a value into a field, and nothing else."""
        self._fields[key].set_value(value)

    def say(self, key: str, sentence: str) -> None:
        """Show a quiet remark below a field until it is changed again."""
        self._fields[key].say(sentence)

    async def fill(self, changes: Mapping[str, Value], asks: Iterable[str] = ()) -> None:
        """Put values into fields, judge those, and go to the first one that still waits.

        One value alone is gone to itself.

        Args:
            changes: field names to values; fields that the form does not have are passed over.
            asks: fields that the person has to fill in now.
        """
        self.drop_offer()
        self._seen = None
        filled = {key: value for key, value in changes.items() if key in self._fields}
        asked = [key for key in asks if key in self._fields]
        if not filled:
            return
        with self.app.batch_update():
            for key, value in filled.items():
                self._fields[key].set_value(value)
                self._told = [issue for issue in self._told if issue.field != key]
            self._judged |= {*filled, *asked}
            issues = await self.recheck()
        wrong = {issue.field for issue in issues if issue.severity is Severity.ERROR}
        blank = {key for key in asked if is_empty(self._fields[key].effective)}
        for key in blank:
            if not self._fields[key].issues:
                self._fields[key].say(_("This is still to be filled in."))
        last = [key for key, value in filled.items() if not is_empty(value)] or list(filled)
        waiting = [key for key in self._fields if key in wrong | blank]
        target = waiting[0] if len(last) > 1 and waiting else last[-1]
        if group := self._fields[target].spec.group:
            self._groups[group].is_open = True
            await self.recheck(())
        self.focus_field(target)
        self.post_message(self.Changed(target))


def _is_for(field: FormField, offer: Offer, text: str) -> bool:
    """Whether an offer would do no more than insert the paste into its field."""
    values = [text_of(value) for value in offer.changes.values()]
    return list(offer.changes) == [field.key] and values == [field.spec.tidy(text).value]
