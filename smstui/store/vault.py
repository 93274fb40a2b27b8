"""The encrypted file: made, opened, given another key, copied."""

from __future__ import annotations

import hmac
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from pydantic import SecretBytes, SecretStr
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # the package carries no types
from sqlite_utils import Database

from smstui.i18n import N_, _
from smstui.store.boundary import BUSY, NOTADB, damaged, moved, result_code, translated
from smstui.store.errors import (
    DamagedStore,
    ReadOnlyStore,
    StoreError,
    StoreLocked,
    WrongPassphrase,
)
from smstui.store.files import (
    inspect_file,
    make_private_folder,
    new_file,
    readable_trouble,
    real_path,
)
from smstui.store.key import SALT_BYTES, derive_key, key_and_salt, key_literal
from smstui.store.migrations import MIGRATIONS, check_schema

__all__ = ["Vault", "inspect_file"]

BUSY_SECONDS = 5.0
BUSY_SECONDS_ALONE = 1.0
"""How long to wait for being a file's sole user: whoever has it open seldom goes by itself."""

_open_here: weakref.WeakSet[Vault] = weakref.WeakSet()
_open_here_lock = threading.Lock()
"""The vaults that this process has open.

When a process closes a file, POSIX drops every lock that it holds on that file, SQLite's too. So a
file that is open here must not be opened and closed past SQLite, not even to read its salt.
"""


class Vault:
    """An open store file. It belongs to the thread that opened it.

    Every change goes through `writing`, everything else through `reading`; both turn SQLite's
    errors into the store's.
    """

    def __init__(self, path: Path, key: SecretBytes, salt: bytes) -> None:
        self.path = path
        self._key = key
        self._salt = salt
        self._db: Database | None = None
        self._identity = (0, 0)

    @classmethod
    def create(cls, path: Path, passphrase: SecretStr, salt: bytes) -> Self:
        """Make a new store and open it. Killed midway, it leaves no file at path.

        Raises:
            StoreExists: something is at path; it stays as it is.
            LoosePermissions: the folder is open to others.
            StoreError: the file cannot be made.
        """
        path = real_path(path)
        make_private_folder(path.parent)
        with new_file(path) as temporary, translated(path):
            key = derive_key(passphrase, salt)
            connection = _connect(temporary, key, salt)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                _migrate(_wrap(connection), path)
            finally:
                connection.close()
        return cls._opened(path, key, salt)

    @classmethod
    def open(cls, path: Path, passphrase: SecretStr) -> Self:
        """Open a store; a schema older than the program's is brought up to date.

        Raises:
            WrongPassphrase: the passphrase does not open it.
            NewerSchema: a later program wrote it.
            StoreError: any trouble that `inspect_file` or SQLite finds.
        """
        path = real_path(path)
        salt = _salt_of_open(path)
        if salt is None:
            inspect_file(path)
            with readable_trouble(path), path.open("rb") as file:
                salt = file.read(SALT_BYTES)
        return cls._opened(path, derive_key(passphrase, salt), salt)

    @classmethod
    def reopen(cls, path: Path, handle: SecretStr) -> Self:
        """Open a store by the `handle` of one that is open.

        Raises:
            WrongPassphrase: the store has another key by now.
            StoreError: as `open`.
        """
        key, salt = key_and_salt(handle)
        return cls._opened(real_path(path), key, salt)

    @classmethod
    def _opened(cls, path: Path, key: SecretBytes, salt: bytes) -> Self:
        vault = cls(path, key, salt)
        vault._open()
        return vault

    def close(self) -> None:
        """Close the file. Closing twice does no harm."""
        db, self._db = self._db, None
        if db is not None:
            with translated(self.path):
                db.close()
            with _open_here_lock:
                _open_here.discard(self)

    @property
    def handle(self) -> SecretStr:
        """Key and salt, for opening the file once more elsewhere; as secret as the passphrase."""
        return key_literal(self._key, self._salt)

    @property
    def key_pragma(self) -> SecretStr:
        """The line that opens the file in any SQLCipher 4 tool."""
        return SecretStr(f'PRAGMA key = "{self.handle.get_secret_value()}";')

    def has_passphrase(self, candidate: SecretStr) -> bool:
        """Whether the candidate is the passphrase that opens the file."""
        return hmac.compare_digest(
            derive_key(candidate, self._salt).get_secret_value(), self._key.get_secret_value()
        )

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Give the database for queries.

        Raises:
            StoreError: the store is closed, or cannot be read.
        """
        db = self._database()
        with self._trouble():
            yield db

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Give the database for one change: all of the block is kept, or nothing of it.

        The write lock is taken at once, so what the block reads still holds when it writes.
        A block inside another belongs to the outer one.

        Raises:
            StoreLocked: another program holds the write lock for longer than the busy time-out.
            StoreError: the store is closed, or cannot be written.
        """
        db = self._database()
        if db.conn.in_transaction:
            yield db
            return
        with self._trouble():
            self._check_in_place()
            with _transaction(db):
                yield db

    def change_key(self, passphrase: SecretStr) -> None:
        """Encrypt the whole file anew, in place, under the key of another passphrase.

        SQLite's rollback journal makes it all or nothing, and needs the file to itself: nobody
        else may have it open. The salt stays, so that at every moment the file's first bytes fit
        both the old and the new key; a journal left by a kill is rolled back at the next opening.

        Raises:
            StoreLocked: another program has the store open; nothing was changed.
            StoreError: the file cannot be written; nothing was changed.
        """
        self._database()
        self._check_in_place()
        key = derive_key(passphrase, self._salt)
        self.close()
        try:
            self._encrypt_anew(key)
        except BaseException:
            # Where even this fails, the store stays closed and the first trouble is told.
            with suppress(StoreError):
                self._open()
            raise
        self._key = key
        self._open()

    def copy_to(self, target: Path) -> None:
        """Write a consistent copy to a new file, under the same key, while the store is in use.

        Raises:
            StoreExists: something is at target; it stays as it is.
            DamagedStore: the copy did not pass its check.
            StoreError: the copy cannot be written.
        """
        db = self._database()
        target = real_path(target)
        with new_file(target) as temporary, translated(target):
            copy = _connect(temporary, self._key, self._salt)
            try:
                db.conn.backup(copy)
                faults = copy.execute("PRAGMA cipher_integrity_check").fetchall()
            finally:
                copy.close()
            if faults:
                raise DamagedStore(
                    _("The copy at {path} did not pass its check and was removed.").format(
                        path=target
                    )
                )

    def _database(self) -> Database:
        if self._db is None:
            raise StoreError(
                _("Open it with its passphrase first."), title=N_("The store is closed")
            )
        return self._db

    def _open(self) -> None:
        with translated(self.path):
            connection = _connect(self.path, self._key, self._salt)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                db = _wrap(connection)
                check_schema(db, self.path)
                connection.execute("PRAGMA journal_mode = WAL")
                if MIGRATIONS.pending(db):
                    _migrate(db, self.path)
                self._identity = _identity(self.path)
            except BaseException:
                connection.close()
                raise
        self._db = db
        with _open_here_lock:
            _open_here.add(self)

    def _encrypt_anew(self, key: SecretBytes) -> None:
        with translated(self.path):
            connection = _connect(self.path, self._key, self._salt, BUSY_SECONDS_ALONE)
            try:
                connection.execute("PRAGMA locking_mode = EXCLUSIVE")
                _take_alone(connection, self.path)
                connection.reset_key(key_literal(key, self._salt).get_secret_value())
            finally:
                connection.close()

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        """Translate errors of an open store; tell a changed passphrase from a damaged page."""
        try:
            with translated(self.path):
                yield
        except (DamagedStore, ReadOnlyStore, WrongPassphrase) as error:
            # SQLite takes a first page that it cannot decipher for one that is read-only, too.
            if self._key_fits():
                if isinstance(error, WrongPassphrase):
                    raise damaged(self.path) from error
                raise
            raise WrongPassphrase(
                _(
                    "The passphrase of {path} was changed while it was open here; "
                    "nothing was saved. Open it again with the new one."
                ).format(path=self.path),
                title=N_("Passphrase changed"),
            ) from error

    def _key_fits(self) -> bool:
        """Whether the file at path still opens with our key."""
        try:
            connection = _connect(self.path, self._key, self._salt)
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            finally:
                connection.close()
        except dbapi2.Error as error:
            return result_code(error) != NOTADB
        return True

    def _check_in_place(self) -> None:
        """Refuse to write to a file that is no longer at its path: the change would be lost."""
        try:
            identity = _identity(self.path)
        except OSError as error:
            raise moved(self.path) from error
        if identity != self._identity:
            raise moved(self.path)


def _identity(path: Path) -> tuple[int, int]:
    info = path.stat()
    return info.st_dev, info.st_ino


def _salt_of_open(path: Path) -> bytes | None:
    """Return the salt of a file that this process has open already; None when it has not."""
    try:
        identity = _identity(path)
    except OSError:
        return None
    with _open_here_lock:
        return next((v._salt for v in _open_here if v._identity == identity), None)


def _connect(path: Path, key: SecretBytes, salt: bytes, busy: float = BUSY_SECONDS) -> Any:
    """Return a keyed connection to an existing file; whether the key fits shows at first use."""
    connection = dbapi2.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=busy
    )
    # SQLCipher writes its log to stderr, and so over the screen.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.set_key(key_literal(key, salt).get_secret_value())
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
        # In KiB, and only as far as the file is that large: big imports touch many pages.
        "cache_size = -32000",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _wrap(connection: Any) -> Database:
    return Database(connection, execute_plugins=False)


@contextmanager
def _transaction(db: Database) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


def _migrate(db: Database, path: Path) -> None:
    """Apply what is pending, all of it or nothing; another program may have been first.

    A step may make a table anew, so references are checked once, at the end: dropping the old
    table would otherwise take along what refers to it.
    """
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        with _transaction(db):
            check_schema(db, path)
            MIGRATIONS.apply(db)
            if db.execute("PRAGMA foreign_key_check").fetchone() is not None:
                raise damaged(path)
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def _take_alone(connection: Any, path: Path) -> None:
    """Leave WAL for a rollback journal, which SQLite grants only to a file's sole user."""
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
    except dbapi2.OperationalError as error:
        if result_code(error) != BUSY:
            raise
        mode = "busy"
    if mode != "delete":
        raise StoreLocked(
            _(
                "Another program has {path} open. Close it there, then change the passphrase "
                "again; the old one still holds."
            ).format(path=path)
        )
