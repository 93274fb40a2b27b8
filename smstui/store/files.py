"""The store as a file: what can be told without a passphrase, and how new files come to be."""

from __future__ import annotations

import errno
import os
import shlex
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smstui.i18n import _
from smstui.store.errors import (
    DamagedStore,
    DiskFull,
    LoosePermissions,
    NoAccess,
    NotAStore,
    ReadOnlyStore,
    StoreError,
    StoreExists,
    StoreMissing,
)

PAGE_BYTES = 4096
SQLITE_MAGIC = b"SQLite format 3\x00"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
RANDOM_AT_MOST = 600.0
"""Chi-square of a random page's bytes: 255 on average, with a standard deviation of 23."""


def real_path(path: Path) -> Path:
    """Return where a path leads, links followed and ``~`` expanded.

    Raises:
        StoreMissing: it leads round in a circle.
    """
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreMissing(
            _("The path {path} leads nowhere. Name another with --store.").format(path=path)
        ) from error


def inspect_file(path: Path) -> None:
    """Tell what is wrong with a store as far as it shows before any passphrase.

    Raises:
        StoreMissing: there is no file.
        NotAStore: the file is something else, or empty.
        DamagedStore: the file was cut short.
        LoosePermissions: others can reach the file or its folder.
        ReadOnlyStore: the file or its folder cannot be written.
        NoAccess: the file cannot be read.
    """
    path = real_path(path)
    with readable_trouble(path):
        info = path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise NotAStore(_("{path} is not a file.").format(path=path))
        with path.open("rb") as file:
            first = file.read(PAGE_BYTES)
        _check_content(path, first, info.st_size)
        check_permissions(path)
        check_folder(path.parent)
    if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)):
        raise ReadOnlyStore(
            _(
                "{path} or its folder cannot be written. "
                "Check who owns them and whether the disk is mounted read-only."
            ).format(path=path)
        )


def check_permissions(path: Path) -> None:
    """Refuse a file that group or others can reach in any way.

    Raises:
        LoosePermissions: they can; the message holds the command that mends it.
    """
    mode = path.stat().st_mode
    if mode & OTHERS:
        raise LoosePermissions(
            _(
                "{path} is open to other users (mode {mode:04o}). Close it to them with: {command}"
            ).format(
                path=path, mode=stat.S_IMODE(mode), command=f"chmod 600 {shlex.quote(str(path))}"
            )
        )


def check_folder(folder: Path) -> None:
    """Refuse a folder that group or others can reach in any way.

    Raises:
        LoosePermissions: they can; the message holds a command that mends it. For a folder that
            serves others too, such as ``/tmp``, that is a new folder and not a change of this one.
    """
    info = folder.stat()
    if not info.st_mode & OTHERS:
        return
    if _is_our_own(folder, info):
        said = _(
            "The folder {folder} is open to other users (mode {mode:04o}). "
            "Close it to them with: {command}"
        )
        command = f"chmod 700 {shlex.quote(str(folder))}"
    else:
        said = _(
            "The folder {folder} is open to other users (mode {mode:04o}). "
            "Give the store a folder of its own and keep it there: {command}"
        )
        command = f"mkdir -m 700 {shlex.quote(str(folder / 'smstui'))}"
    raise LoosePermissions(
        said.format(folder=folder, mode=stat.S_IMODE(info.st_mode), command=command)
    )


def make_private_folder(folder: Path) -> None:
    """Make sure that a folder exists and is closed to others; a new one gets mode 0700.

    Raises:
        LoosePermissions: it exists and others can reach it.
        StoreError: it cannot be made.
    """
    with writable_trouble(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        check_folder(folder)


@contextmanager
def new_file(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Give a private temporary file beside the target, and put it in place when all went well.

    The file has mode 0600 from its first moment. A program killed midway leaves the target as it
    was.

    Args:
        target: where the file goes.
        replace: it may take the place of what is there; otherwise that is never overwritten.

    Raises:
        StoreExists: something is at the target.
        StoreError: the file cannot be made.
    """
    if not replace:
        _refuse_existing(target)
    with writable_trouble(target):
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".new", dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        with writable_trouble(target):
            if replace:
                temporary.replace(target)
            else:
                _publish(temporary, target)
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(name + suffix).unlink(missing_ok=True)


def owner_only(path: str, flags: int) -> int:
    """Open a file so that a new one is its owner's alone; an ``opener`` for `open`."""
    return os.open(path, flags, 0o600)


def refuse_store(target: Path, store_path: Path) -> None:
    """Refuse a target that is the store, or one of the logs that belong to it.

    Raises:
        StoreError: it is; nothing may take its place.
    """
    real, own = real_path(target), str(real_path(store_path))
    if str(real) in {own + suffix for suffix in ("", "-journal", "-wal", "-shm")}:
        raise StoreError(_("{path} is the store itself; choose another name.").format(path=target))


@contextmanager
def readable_trouble(path: Path) -> Iterator[None]:
    """Turn what the system says about reading a path into the store's errors."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise StoreMissing(
            _("There is no store at {path}. Create one with: smstui store init").format(path=path)
        ) from error
    except OSError as error:
        raise NoAccess(
            _("{path} cannot be read: {reason}. Check who owns it.").format(
                path=path, reason=error.strerror
            )
        ) from error


@contextmanager
def writable_trouble(path: Path) -> Iterator[None]:
    """Turn what the system says about making or writing a path into the store's errors."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise disk_full(path) from error
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise ReadOnlyStore(
                _(
                    "{path} cannot be written: {reason}. "
                    "Choose a folder of your own, or check who owns this one."
                ).format(path=path, reason=error.strerror)
            ) from error
        raise StoreError(
            _("{path} cannot be made: {reason}. Choose another place.").format(
                path=path, reason=error.strerror
            )
        ) from error


def disk_full(path: Path) -> DiskFull:
    """Return the error that says there is no room to write."""
    return DiskFull(
        _(
            "There is no room left to write {path}; nothing was changed. "
            "Make room on the disk or raise the quota, then do it again."
        ).format(path=path)
    )


def _check_content(path: Path, first: bytes, size: int) -> None:
    """Refuse what cannot be an encrypted file; its pages look random from the first byte on."""
    if not first:
        raise NotAStore(_("{path} is empty. Name another file with --store.").format(path=path))
    if first.startswith(SQLITE_MAGIC):
        raise NotAStore(
            _(
                "{path} is an SQLite file that is not encrypted, so it is not a store. "
                "Name another file with --store."
            ).format(path=path)
        )
    if _is_text(first) or (len(first) == PAGE_BYTES and not _looks_random(first)):
        raise NotAStore(
            _("{path} is some other kind of file. Name another with --store.").format(path=path)
        )
    # While a log lies beside it, a program killed midway may leave part of a page at the end;
    # SQLite writes the page anew from the log.
    logs = (Path(f"{path}-wal"), Path(f"{path}-journal"))
    if size % PAGE_BYTES and not any(log.exists() and log.stat().st_size for log in logs):
        raise DamagedStore(
            _("{path} was cut short, or is no store. Restore it from a backup.").format(path=path)
        )


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character may be cut in two where the page ends.
        return error.start > 64 and len(data) - error.start < 4
    return sum(not (c.isprintable() or c.isspace()) for c in text) * 10 < len(text)


def _looks_random(page: bytes) -> bool:
    expected = len(page) / 256
    return (
        sum((page.count(byte) - expected) ** 2 for byte in range(256)) / expected < RANDOM_AT_MOST
    )


def _is_our_own(folder: Path, info: os.stat_result) -> bool:
    """Whether closing a folder to others harms nobody: ours, not shared, nothing below it."""
    return (
        info.st_uid == os.getuid()
        and not info.st_mode & stat.S_ISVTX
        and not any(entry.is_dir() for entry in folder.iterdir())
    )


def _refuse_existing(target: Path) -> None:
    if os.path.lexists(target):
        raise StoreExists(
            _("{path} exists already; it is left as it is. Choose another name.").format(
                path=target
            )
        )


def _publish(temporary: Path, target: Path) -> None:
    """Give a finished file its name, without overwriting, and make sure the name is on disk."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        _refuse_existing(target)
        raise
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        # Some file systems, FAT among them, know no hard links.
        _refuse_existing(target)
        temporary.rename(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
