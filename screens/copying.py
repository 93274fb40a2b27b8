"""Copying to the clipboard of the terminal, and saying what that needs."""

from __future__ import annotations

from textual.widget import Widget

from smstui.i18n import _


def copy(widget: Widget, text: str, what: str) -> None:
    """Copy a text by OSC 52, which works over SSH, too.

    Args:
        widget: any widget of the application.
        text: what to copy.
        what: what it is, as a sentence: "The URL is copied."
    """
    widget.app.copy_to_clipboard(text)
    hint = _("It went to your terminal (OSC 52); tmux needs “set -s set-clipboard on”.")
    widget.notify(f"{what} {hint}", markup=False)
