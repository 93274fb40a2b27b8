"""The errors a person may meet: each has a title, one sentence, and never a secret."""

from __future__ import annotations

from smstui.i18n import N_


class SmstuiError(Exception):
    """Base of every error that is shown to a person.

    Attributes:
        title: two or three words, in the present ("Wrong passphrase").
        message: one clear sentence: what is wrong, where, and what to do next.
    """

    title = N_("Something went wrong")

    def __init__(self, message: str, *, title: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if title is not None:
            self.title = title
