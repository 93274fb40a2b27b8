"""What is kept of a crash: where it happened, and nothing that was typed or stored."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from pathlib import Path

from smstui import __version__
from smstui.i18n import _
from smstui.times import Clock

MOST_FRAMES = 60


def last_words(folder: Path | None, error: BaseException | None, clock: Clock) -> str:
    """Keep a report of a crash, and return what is said on the terminal.

    Args:
        folder: where the report goes; None keeps none.
        error: what ended the program; None when that is not known.
        clock: the present moment.
    """
    path = write_report(folder, error, clock) if folder and error else None
    if path is None:
        return _("smstui had to stop. The store is closed and whole; no report was kept.")
    return _(
        "smstui had to stop. The store is closed and whole. "
        "A report that holds none of your data is in {path}"
    ).format(path=path)


def unexpected_words(folder: Path | None, error: BaseException, clock: Clock) -> str:
    """Keep a report of an error that the console outlives, and return what is told of it."""
    path = write_report(folder, error, clock) if folder else None
    if path is None:
        return _("That did not work: smstui met an error it does not know. Nothing typed is lost.")
    return _(
        "That did not work: smstui met an error it does not know. Nothing typed is lost. "
        "A report that holds none of your data is in {path}"
    ).format(path=path)


def write_report(folder: Path, error: BaseException, clock: Clock) -> Path | None:
    """Write a report that only its owner can read, and return where; None when it cannot be kept.

    The report holds the kinds of the errors and the lines they passed through. Texts of errors
    and values of variables are left out: they may quote a secret.

    Args:
        folder: made with mode 0700 when it is missing.
        error: what ended the program.
        clock: the present moment, for the file's name.
    """
    moment = clock()
    path = folder / f"crash-{moment:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor
            file.write(
                f"smstui {__version__}, Python {platform.python_version()}, {sys.platform}\n"
                f"{moment.isoformat()}, TERM={os.environ.get('TERM', '')}\n\n"
            )
            file.writelines(_lines(error))
    except OSError:
        return None
    return path


def _lines(error: BaseException) -> list[str]:
    """Return the chain of errors, the first one first, without their texts."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    lines: list[str] = []
    for link in reversed(chain):
        kind = type(link)
        lines += [f"{kind.__module__}.{kind.__qualname__}\n"]
        lines += traceback.format_list(traceback.extract_tb(link.__traceback__)[-MOST_FRAMES:])
        lines += ["\n"]
    return lines
