"""The terminal the console runs in: what must hold before the toolkit is imported, and after."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import sys
import unicodedata
from typing import TextIO, cast

from smstui.errors import SmstuiError
from smstui.i18n import N_, _

SIGNS = {
    **dict.fromkeys("✓●", "+"),
    **dict.fromkeys("✗×", "x"),
    **dict.fromkeys("–—─╌━", "-"),
    **dict.fromkeys("│┃▌▐▎║", "|"),
    **dict.fromkeys("›▸▶", ">"),
    **dict.fromkeys("‹◂", "<"),
    **dict.fromkeys("▾▼", "v"),
    **dict.fromkeys("▴▲", "^"),
    **dict.fromkeys("•·", "*"),
    **dict.fromkeys("○◉", "o"),
    **dict.fromkeys("◆", "#"),
    **dict.fromkeys("…", "."),
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼", "+"),
}
"""What is drawn for our signs where the terminal cannot show them; one cell each."""


class UnfitTerminal(SmstuiError):
    """The console cannot be drawn here."""

    title = N_("The console needs a terminal")


def prepare_terminal() -> None:
    """Make sure that the console can be drawn here, before the toolkit is imported.

    The toolkit reads its debugging variables when it is imported; with some of them it writes
    every key that is typed into a file.

    Raises:
        UnfitTerminal: there is no terminal, or one that cannot place text.
    """
    for variable in [name for name in os.environ if name.startswith("TEXTUAL")]:
        del os.environ[variable]
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UnfitTerminal(
            _("Input and output are not a terminal. For scripts there are subcommands: --help.")
        )
    if not sys.stderr.isatty():
        # The toolkit draws through stderr; the refusal itself goes where it can be seen.
        said = _("The console is drawn through stderr, which leads elsewhere. Call it without 2>.")
        print(said)  # noqa: T201 - stderr is not on the screen
        raise UnfitTerminal(said)
    if os.environ.get("TERM", "") in {"", "dumb", "unknown"}:
        raise UnfitTerminal(
            _("TERM is {term}, which cannot place text. Use a full terminal.").format(
                term=os.environ.get("TERM") or _("not set")
            )
        )
    _draw_in_ascii_where_needed(cast("TextIO", sys.__stderr__))


def give_back_memory() -> None:
    """Hand memory that was freed back to the system, where the C library can: some 10 MiB."""
    import ctypes

    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)


def terminal_is_gone(fd: int = 0) -> bool:
    """Whether the terminal at a file descriptor was closed; reads and writes nothing."""
    poll = select.poll()
    poll.register(fd, 0)  # Hang-up, error and invalid are always reported.
    return bool(poll.poll(0))


def _draw_in_ascii_where_needed(stream: TextIO) -> None:
    """Let the stream replace signs that its encoding lacks, cell by cell, so that columns stay."""
    encoding = codecs.lookup(stream.encoding or "ascii").name
    if encoding.startswith("utf"):
        return
    codecs.register_error("smstui.signs", _nearest_sign)
    stream.reconfigure(errors="smstui.signs")  # type: ignore[attr-defined]  # a TextIOWrapper


def _nearest_sign(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_cells, error.object[error.start : error.end])), error.end


def _cells(character: str) -> str:
    if unicodedata.combining(character) or character == "\N{VARIATION SELECTOR-16}":
        return ""
    wide = unicodedata.east_asian_width(character) in {"W", "F"}
    return "??" if wide else SIGNS.get(character, "?")
