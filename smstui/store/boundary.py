"""The one boundary where SQLite's errors become the store's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # the package carries no types

from smstui.i18n import _
from smstui.store.errors import (
    DamagedStore,
    DiskFault,
    NoAccess,
    ReadOnlyStore,
    StoreError,
    StoreLocked,
    StoreMissing,
    WrongPassphrase,
)
from smstui.store.files import disk_full

# Result codes: https://www.sqlite.org/rescode.html
BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
TEXTS = {
    "database is locked": BUSY,
    "attempt to write a readonly database": READONLY,
    "disk I/O error": IOERR,
    "database disk image is malformed": CORRUPT,
    "database or disk is full": FULL,
    "unable to open database file": CANTOPEN,
}
"""What ``sqlite3_errstr`` says: all there is of an error in copying, which carries no code."""


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the store at path into the store's own.

    A misuse of the connection (`ProgrammingError`: another thread's, say) is a fault of the
    program and passes as it is.

    Raises:
        StoreError: one of its kinds, by SQLite's result code.
    """
    try:
        yield
    except dbapi2.ProgrammingError:
        raise
    except dbapi2.Error as error:
        raise _store_error(result_code(error), path) from error


def result_code(error: dbapi2.Error) -> int:
    """Return SQLite's primary result code of an error; 0 when there is none."""
    code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
    return code or TEXTS.get(str(error), 0)


def _store_error(primary: int, path: Path) -> StoreError:
    if primary in (BUSY, LOCKED):
        return StoreLocked(
            _(
                "Another program is writing to {path}. Wait until it is done, then do it again."
            ).format(path=path)
        )
    if primary == FULL:
        return disk_full(path)
    if primary == READONLY:
        return ReadOnlyStore(
            _(
                "{path} or its folder cannot be written; nothing was changed. "
                "Check who owns them and whether the disk is mounted read-only."
            ).format(path=path)
        )
    if primary == NOTADB:
        return WrongPassphrase(
            _(
                "This passphrase does not open {path}. Type it again. If it is certainly right, "
                "the beginning of the file is damaged: restore it from a backup."
            ).format(path=path)
        )
    if primary == CORRUPT:
        return damaged(path)
    if primary == IOERR:
        return DiskFault(
            _(
                "The disk does not read or write {path} as it should: a quota or a fault. "
                "What was saved before is still there; check the disk, then do it again."
            ).format(path=path)
        )
    if primary == CANTOPEN:
        return _cannot_open(path)
    return StoreError(
        _("SQLite reports a fault with {path} (result code {code}). Nothing was changed.").format(
            path=path, code=primary
        )
    )


def damaged(path: Path) -> DamagedStore:
    """Return the error that says a page of the file cannot be read."""
    return DamagedStore(
        _(
            "Part of {path} cannot be read: it was altered, or the disk has a fault. "
            "Restore the store from a backup."
        ).format(path=path)
    )


def moved(path: Path) -> StoreMissing:
    """Return the error that says the open file is no longer the one at its path."""
    return StoreMissing(
        _(
            "{path} was moved, deleted or replaced while it was open here; nothing was saved. "
            "Put it back, or open it again."
        ).format(path=path)
    )


def _cannot_open(path: Path) -> StoreError:
    if not path.exists():
        return moved(path)
    if not os.access(path.parent, os.W_OK):
        return ReadOnlyStore(
            _("The folder {folder} cannot be written, and the store needs that.").format(
                folder=path.parent
            )
        )
    return NoAccess(
        _("{path} or a file beside it cannot be opened. Check who owns them.").format(path=path)
    )
