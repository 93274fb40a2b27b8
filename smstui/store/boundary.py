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
READONLY_DBMOVED = 1032
WRITE_FAULTS = {778, 1034, 1290, 1546, 4618, 4874}
"""IOERR_WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMOPEN, _SHMSIZE: a quota, a limit, a full disk."""


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
        raise _store_error(getattr(error, "sqlite_errorcode", 0), path) from error


def _store_error(code: int, path: Path) -> StoreError:
    primary = code & 0xFF
    if primary in (BUSY, LOCKED):
        return StoreLocked(
            _(
                "Another program is writing to {path}. Wait until it is done, then do it again."
            ).format(path=path)
        )
    if code == READONLY_DBMOVED:
        return moved(path)
    if primary == FULL or code in WRITE_FAULTS:
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
    if primary in (CORRUPT, IOERR):
        return damaged(path)
    if primary == CANTOPEN:
        return _cannot_open(path)
    return StoreError(
        _("SQLite reports a fault with {path} (result code {code}). Nothing was changed.").format(
            path=path, code=code
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
