"""The store as the rest of the program sees it."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from smstui.passphrase import require_long_enough
from smstui.store.audit import AuditTrail
from smstui.store.channels import Channels
from smstui.store.consents import Consents
from smstui.store.credentials import Credentials
from smstui.store.environments import EnvironmentRecord, Environments
from smstui.store.events import Events
from smstui.store.key import KDF, SALT_BYTES
from smstui.store.migrations import MIGRATIONS
from smstui.store.preferences import Preferences
from smstui.store.rcs_setups import RcsSetups
from smstui.store.records import Action, Actor, StoreInfo
from smstui.store.references import References
from smstui.store.rotations import Rotations
from smstui.store.vault import Vault
from smstui.store.verifications import Verifications
from smstui.store.webhooks import Webhooks
from smstui.text import clean
from smstui.times import Clock, from_iso, utc_now

KIND = "store"
CIPHER = "SQLCipher 4, AES-256-CBC with HMAC-SHA512"


class Store:
    """An open store. It belongs to the thread that opened it, and closes as a context manager."""

    def __init__(
        self, vault: Vault, actor: Actor, clock: Clock, environment_id: int | None = None
    ) -> None:
        """Give an open file its repositories.

        Args:
            vault: the file.
            actor: who works with it.
            clock: the present moment.
            environment_id: whose records are listed and added; else the one that the actor was
                in last.
        """
        self._vault = vault
        self._clock = clock
        self._actor = actor
        self.audit = AuditTrail(vault, actor, clock)
        self.preferences = Preferences(vault, self.audit)
        self.environments = Environments(vault, actor, clock, self.audit)
        if environment_id is None:
            kept = self.preferences.get(self._preference)
            environment_id = self.environments.or_oldest(kept)
        self.environment_id = environment_id
        own = (vault, actor, clock, self.audit, environment_id)
        self.credentials = Credentials(*own)
        self.verifications = Verifications(vault, clock, self.audit)
        self.webhooks = Webhooks(*own)
        self.events = Events(vault, environment_id)
        self.rcs_setups = RcsSetups(*own)
        self.channels = Channels(*own)
        self.consents = Consents(vault, environment_id)
        self.references = References(vault)
        self.rotations = Rotations(vault, actor, clock, self.audit, self.credentials)

    @classmethod
    def create(
        cls, path: Path, passphrase: SecretStr, *, actor: Actor, clock: Clock = utc_now
    ) -> Self:
        """Make a new store and open it; killed midway, there is no file at path.

        Raises:
            InvalidPassphrase: the passphrase is too short.
            StoreExists: something is at path; it stays as it is.
            LoosePermissions: the folder is open to others.
            StoreError: the file cannot be made.
        """
        require_long_enough(passphrase)
        store = cls._on(Vault.create(path, passphrase, os.urandom(SALT_BYTES)), actor, clock)
        with store.changing():
            store.audit.record(Action.STORE_CREATED, kind=KIND)
            store.environments.adopt(store.environment_id)
        return store

    @classmethod
    def open(
        cls, path: Path, passphrase: SecretStr, *, actor: Actor, clock: Clock = utc_now
    ) -> Self:
        """Open a store; takes a few tenths of a second, on purpose.

        Raises:
            WrongPassphrase: the passphrase does not open it.
            NewerSchema: a later version of the program wrote it.
            StoreError: the file is missing, something else, damaged, locked, or open to others.
        """
        return cls._on(Vault.open(path, passphrase), actor, clock)

    @classmethod
    def _on(cls, vault: Vault, actor: Actor, clock: Clock) -> Self:
        """Return the store of an open file, which is closed again where that cannot be."""
        try:
            return cls(vault, actor, clock)
        except BaseException:
            vault.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def acting_as(self, actor: Actor) -> Self:
        """Return the same open store for somebody else: what it does is told of that actor."""
        return type(self)(self._vault, actor, self._clock, self.environment_id)

    def acting_in(self, environment_id: int) -> Self:
        """Return the same open store in another environment; what it does there is told alike.

        Args:
            environment_id: the environment; one that is gone has no records and takes none.
        """
        if environment_id == self.environment_id:
            return self
        return type(self)(self._vault, self._actor, self._clock, environment_id)

    @property
    def user(self) -> str:
        """Who works with the store."""
        return self._actor.user

    @property
    def environment(self) -> EnvironmentRecord:
        """The environment that this store works in, as it is now.

        Raises:
            NotFound: somebody deleted it meanwhile.
        """
        return self.environments.get(self.environment_id)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Make what is written in the block one change: all of it is kept, or nothing.

        Raises:
            StoreError: see `Vault.writing`.
        """
        with self._vault.writing():
            yield

    def keep_environment(self) -> None:
        """Let this environment be the one that the actor is in when the store is opened next.

        Raises:
            NotFound: somebody deleted it meanwhile.
        """
        with self.changing():
            self.preferences.set(self._preference, self.environment.id)

    @property
    def _preference(self) -> str:
        """Each person has an own one, so that nobody opens a store where another one left it."""
        return f"environment of {self._actor.user}"

    def version(self) -> int:
        """Return a number that differs once another connection has changed the store."""
        with self._vault.reading() as db:
            return int(db.execute("PRAGMA data_version").fetchone()[0])

    def info(self) -> StoreInfo:
        """Describe the store."""
        with self._vault.reading() as db:
            credentials, verifications, webhooks, events, consents, entries, created = db.execute(
                "SELECT (SELECT count(*) FROM credentials), (SELECT count(*) FROM verifications),"
                " (SELECT count(*) FROM webhooks), (SELECT count(*) FROM events),"
                " (SELECT count(*) FROM consents),"
                " (SELECT count(*) FROM audit), (SELECT at FROM audit ORDER BY id LIMIT 1)"
            ).fetchone()
            applied = len(MIGRATIONS.applied(db))
            file = self._vault.path.stat()
        return StoreInfo(
            path=self._vault.path,
            size=file.st_size,
            schema_version=applied,
            cipher=CIPHER,
            kdf=KDF,
            credentials=credentials,
            verifications=verifications,
            webhooks=webhooks,
            events=events,
            consents=consents,
            audit_entries=entries,
            created=from_iso(created),
            mode=f"{stat.S_IMODE(file.st_mode):04o}",
        )

    def has_passphrase(self, candidate: SecretStr) -> bool:
        """Whether the candidate is the passphrase of this store."""
        return self._vault.has_passphrase(candidate)

    def change_passphrase(self, new: SecretStr) -> None:
        """Encrypt the file under another passphrase; killed midway, the old or new one opens it.

        Raises:
            InvalidPassphrase: the new one is too short.
            StoreLocked: another program has the store open; the old one still holds.
            StoreError: the file cannot be written; the old one still holds.
        """
        require_long_enough(new)
        self._vault.change_key(new)
        self.audit.record(Action.PASSPHRASE_CHANGED, kind=KIND)

    def backup(self, target: Path) -> None:
        """Write a consistent copy to a new file while the store is in use, same passphrase.

        Raises:
            StoreExists: something is at target; it stays as it is.
            StoreError: the copy cannot be written.
        """
        self._vault.copy_to(target)
        self.audit.record(Action.BACKED_UP, kind=KIND, name=clean(str(target)))

    @property
    def handle(self) -> SecretStr:
        """What `reopen` opens the file with, in place of the passphrase; as secret as that."""
        return self._vault.handle

    @classmethod
    def reopen(cls, path: Path, handle: SecretStr, *, actor: Actor, clock: Clock = utc_now) -> Self:
        """Open a store by the handle of one that is open, without deriving the key again.

        Raises:
            StoreError: as `open`.
        """
        return cls._on(Vault.reopen(path, handle), actor, clock)

    def key_pragma(self) -> SecretStr:
        """Return the line that opens the file in any SQLCipher 4 tool."""
        return self._vault.key_pragma

    def close(self) -> None:
        """Close the store. Closing twice does no harm."""
        self._vault.close()
