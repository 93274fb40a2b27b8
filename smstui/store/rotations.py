"""Second sets of secrets: staged beside those in use, promoted, rolled back, discarded.

A credential has at most one. It holds what is not in use: the staged values, and after their
promotion the ones before. Promotion and roll-back exchange the two, so that nothing is lost on the
way, and each is one transaction: killed at any moment, the old values are in use or the new ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import SecretStr
from sqlite_utils import Database

from smstui.i18n import _
from smstui.store.audit import AuditTrail
from smstui.store.credentials import KIND, Credentials
from smstui.store.errors import NotFound, StaleRevision, WrongState
from smstui.store.records import Action, Actor, CredentialRecord
from smstui.store.rotation_records import COLUMNS, RotationRecord, RotationState, record_from
from smstui.store.vault import Vault
from smstui.times import Clock, iso

V = TypeVar("V")


class Rotations:
    """The repository of rotations."""

    def __init__(
        self, vault: Vault, actor: Actor, clock: Clock, audit: AuditTrail, credentials: Credentials
    ) -> None:
        self._vault = vault
        self._actor = actor
        self._clock = clock
        self._audit = audit
        self._credentials = credentials

    def of(self, credential_id: int) -> RotationRecord | None:
        """Return the rotation of a credential; None when there is none."""
        with self._vault.reading() as db:
            row = db.execute(
                f"SELECT {COLUMNS} FROM rotations WHERE credential_id = ?",  # noqa: S608 - a constant
                (credential_id,),
            ).fetchone()
        return None if row is None else record_from(row)

    def stage(
        self,
        credential_id: int,
        fields: Mapping[str, Any],
        secrets: Mapping[str, SecretStr],
        *,
        revision: int,
        seen: RotationRecord | None = None,
    ) -> RotationRecord:
        """Keep values beside those in use; staged ones that were seen give way to them.

        Args:
            credential_id: whose they are.
            fields: values that go with the secrets.
            secrets: the secrets.
            revision: of the credential that was seen.
            seen: its rotation as it was seen, None for none.

        Raises:
            WrongState: the values before the last promotion are still kept.
            StaleRevision: the credential was changed, or others were staged, elsewhere since.
            NotFound: it was deleted meanwhile.
        """
        with self._vault.writing() as db:
            credential = self._credential(credential_id, revision)
            before = self.of(credential_id)
            if before is not None and (seen is None or _key(before) != _key(seen)):
                raise _stale(credential.name, before)
            if before is not None and before.state is RotationState.PROMOTED:
                raise WrongState(
                    _(
                        "{name} still has the secret from before its last promotion. Discard that "
                        "or roll back to it, then stage another."
                    ).format(name=credential.name)
                )
            db.execute("DELETE FROM rotations WHERE credential_id = ?", (credential_id,))
            db.execute(
                "INSERT INTO rotations (credential_id, state, staged_by, staged_at, fields,"
                " secrets) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    credential_id,
                    RotationState.STAGED.value,
                    self._actor.user,
                    iso(self._clock()),
                    json.dumps(dict(fields)),
                    _dumped(secrets),
                ),
            )
            self._tell(Action.SECRET_STAGED, credential, (*fields, *secrets))
            return _get(db, credential_id)

    def verified(
        self, rotation: RotationRecord, *, revision: int, result: str, word: str, summary: str
    ) -> RotationRecord:
        """Keep what a verification of staged values came to.

        Args:
            rotation: whose values were verified.
            revision: of the credential they were verified with.
            result: how it ended.
            word: two or three words on it.
            summary: one line on it, redacted.

        Raises:
            WrongState: they were promoted meanwhile.
            StaleRevision: others are staged meanwhile.
            NotFound: they were discarded meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(rotation, RotationState.STAGED)
            self._write(
                db,
                current,
                {
                    "verified_by": self._actor.user,
                    "verified_at": iso(self._clock()),
                    "verified_revision": revision,
                    "result": result,
                    "word": word,
                    "summary": summary,
                },
            )
            credential = self._credentials.get(current.credential_id)
            self._tell(Action.SECRET_VERIFIED, credential, current.names)
            return _get(db, current.credential_id)

    def promote(self, rotation: RotationRecord, *, revision: int) -> RotationRecord:
        """Put the staged values in use, and keep the ones before.

        Args:
            rotation: as it was seen.
            revision: of the credential that was seen.

        Raises:
            WrongState: they were promoted already.
            StaleRevision: they, or the credential, were changed elsewhere since.
            NotFound: they were discarded, or the credential was deleted, meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(rotation, RotationState.STAGED)
            credential = self._credential(current.credential_id, revision)
            self._exchange(
                db,
                current,
                credential,
                Action.SECRET_PROMOTED,
                {
                    "state": RotationState.PROMOTED.value,
                    "promoted_by": self._actor.user,
                    "promoted_at": iso(self._clock()),
                },
            )
            return _get(db, current.credential_id)

    def roll_back(self, rotation: RotationRecord) -> RotationRecord:
        """Put the values from before the promotion in use again; the others are staged again.

        Raises:
            WrongState: nothing was promoted.
            StaleRevision: it was changed elsewhere since.
            NotFound: the values before were discarded meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(rotation, RotationState.PROMOTED)
            credential = self._credentials.get(current.credential_id)
            unproven = {"verified_by": "", "verified_at": None, "verified_revision": None}
            self._exchange(
                db,
                current,
                credential,
                Action.SECRET_ROLLED_BACK,
                {
                    "state": RotationState.STAGED.value,
                    "promoted_by": "",
                    "promoted_at": None,
                    **unproven,
                    **dict.fromkeys(("result", "word", "summary"), ""),
                },
            )
            return _get(db, current.credential_id)

    def discard(self, rotation: RotationRecord) -> None:
        """Forget the values that are not in use.

        Raises:
            StaleRevision: they were changed elsewhere since: what was staged is in use now, say.
            NotFound: they were discarded meanwhile.
        """
        with self._vault.writing() as db:
            current = self._current(rotation, rotation.state)
            db.execute("DELETE FROM rotations WHERE id = ?", (current.id,))
            credential = self._credentials.get(current.credential_id)
            self._tell(Action.SECRET_DISCARDED, credential, current.names)

    # Within

    def _credential(self, credential_id: int, revision: int) -> CredentialRecord:
        credential = self._credentials.get(credential_id)
        if credential.revision != revision:
            raise StaleRevision(
                _(
                    "{name} was changed by {user} meanwhile; nothing was done. Look at it again."
                ).format(name=credential.name, user=credential.modified_by),
                current=credential,
            )
        return credential

    def _current(self, seen: RotationRecord, state: RotationState) -> RotationRecord:
        """Return a rotation as it is, when it is as it was seen and in the state that is meant."""
        name = self._credentials.get(seen.credential_id).name
        current = self.of(seen.credential_id)
        if current is None:
            raise NotFound(
                _("What was staged for {name} was discarded elsewhere.").format(name=name)
            )
        if _key(current) != _key(seen):
            raise _stale(name, current)
        if current.state is not state:
            is_promoted = current.state is RotationState.PROMOTED
            said = (
                _("The staged secret of {name} is in use already.")
                if is_promoted
                else _("Nothing was promoted for {name}; there is nothing to go back to.")
            )
            raise WrongState(said.format(name=name))
        return current

    def _exchange(
        self,
        db: Database,
        rotation: RotationRecord,
        credential: CredentialRecord,
        action: Action,
        values: Mapping[str, Any],
    ) -> None:
        """Let the values kept and those in use change places."""
        self._credentials.put(
            credential,
            _merged(credential.fields, rotation.fields),
            _merged(credential.secrets, rotation.secrets),
            action,
        )
        fields = {name: credential.fields.get(name) for name in rotation.fields}
        secrets = {name: credential.secrets.get(name) for name in rotation.secrets}
        kept = {"fields": json.dumps(fields), "secrets": _dumped(secrets)}
        self._write(db, rotation, {**values, **kept})

    def _write(self, db: Database, rotation: RotationRecord, values: Mapping[str, Any]) -> None:
        sets = ", ".join(f"{column} = :{column}" for column in values)
        db.execute(
            f"UPDATE rotations SET {sets}, revision = revision + 1 WHERE id = :id",  # noqa: S608 - columns named here
            {**values, "id": rotation.id},
        )

    def _tell(self, action: Action, credential: CredentialRecord, names: Iterable[str]) -> None:
        self._audit.record(
            action,
            kind=KIND,
            object_id=credential.id,
            name=credential.name,
            table="credentials",
            fields=names,
        )


def _key(rotation: RotationRecord) -> tuple[int, int]:
    return rotation.id, rotation.revision


def _stale(name: str, current: RotationRecord) -> StaleRevision:
    return StaleRevision(
        _(
            "The secrets of {name} were rotated elsewhere meanwhile; nothing was done. "
            "Look at it again."
        ).format(name=name),
        current=current,
    )


def _merged(values: Mapping[str, V], others: Mapping[str, V | None]) -> dict[str, V]:
    """Return values with others in their place; None takes one away."""
    whole: dict[str, V | None] = {**values, **others}
    return {name: value for name, value in whole.items() if value is not None}


def _dumped(secrets: Mapping[str, SecretStr | None]) -> str:
    return json.dumps(
        {
            name: None if secret is None else secret.get_secret_value()
            for name, secret in secrets.items()
        }
    )


def _get(db: Database, credential_id: int) -> RotationRecord:
    row = db.execute(
        f"SELECT {COLUMNS} FROM rotations WHERE credential_id = ?",  # noqa: S608 - a constant
        (credential_id,),
    ).fetchone()
    return record_from(row)
