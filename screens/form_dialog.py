"""A small form in a dialog: handed in from any field, and asked about before it is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic

from textual import on, work

from screens.base import Dialog, T
from screens.confirm import may_lose
from screens.widgets.form import RecordForm
from smstui.errors import SmstuiError


class FormDialog(Dialog[T], Generic[T]):
    """Base of dialogs around one form, which they make as ``_form`` before they are composed.

    They declare a key for the action ``submit`` and write it; a key for ``close`` closes them.
    """

    AUTO_FOCUS = None

    _form: RecordForm
    _is_busy = False

    def on_mount(self) -> None:
        self._form.focus_first()

    @on(RecordForm.Submitted)
    async def _submitted(self, event: RecordForm.Submitted) -> None:
        event.stop()
        await self.run_action("submit")

    @on(RecordForm.Changed)
    def _changed(self, event: RecordForm.Changed) -> None:
        event.stop()
        self._form.show_trouble("")

    async def hand_in(self, save: Callable[[], Awaitable[None]]) -> None:
        """Save what was typed, once at a time; with an error in a field, go there instead.

        Args:
            save: does it; what it raises is told where it belongs.
        """
        if self._is_busy or not await self._form.submit():
            return
        self._is_busy = True
        try:
            await save()
        except SmstuiError as error:
            await self._form.tell_error(error)
        finally:
            self._is_busy = False

    @work(exclusive=True, group="close", exit_on_error=False)
    async def action_close(self) -> None:
        """Close; what was typed and not saved is asked about."""
        if await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Ask before what was typed is lost."""
        return not self._form.is_dirty or await may_lose(self)
