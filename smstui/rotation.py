"""Rotating secrets: a second one staged beside the first, verified, promoted, rolled back.

One secret often opens an account for several credentials, so everything here is done for some
`Member`s at once, and for all of them or for none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from smstui.credentials import new_credential, stored_draft
from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import InvalidFields, Result
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Value,
    is_empty,
    text_of,
)
from smstui.providers.registry import provider_for
from smstui.secret_forms import is_secret_name
from smstui.store.listing import some_of
from smstui.store.records import CredentialRecord
from smstui.store.rotation_records import RotationRecord, RotationState

if TYPE_CHECKING:
    from smstui.store import Store


class Unproven(SmstuiError):
    """Staged secrets were not seen to work, and were to be promoted all the same."""

    title = N_("Not verified")


class Phase(StrEnum):
    """How far a rotation has come."""

    NONE = "none"
    """There is nothing beside what is in use."""
    STAGED = "staged"
    """A secret is staged that was not verified, or not with the credential as it is now."""
    FAILED = "failed"
    """The staged secret did not pass its verification."""
    VERIFIED = "verified"
    """The staged secret passed, and can be promoted."""
    PROMOTED = "promoted"
    """The new secret is in use, the one before is kept."""


@dataclass(frozen=True, slots=True)
class Member:
    """A credential that a rotation is about.

    Attributes:
        record: the credential.
        environment: the name of its environment.
        rotation: what is kept beside its values; None for nothing.
        is_same: it holds the secret that the credential asked about holds; that one does, too.
        names: fields of the credential asked about, and what they are called here.
    """

    record: CredentialRecord
    environment: str
    rotation: RotationRecord | None
    is_same: bool
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def phase(self) -> Phase:
        """How far it has come."""
        return _phase(self.record, self.rotation)


def rotatable(record: CredentialRecord) -> dict[str, FieldSpec]:
    """Return the fields that a rotation may replace: secrets, and what goes with them.

    Raises:
        SmstuiError: there is no such vendor.
    """
    draft = stored_draft(record)
    return {
        name: spec
        for name, spec in provider_for(record.vendor).model.specs().items()
        if spec.applies_to(draft)
        and (spec.is_secret or spec.goes_with or _holds_secret(draft.get(name)))
    }


def draft_with_kept(record: CredentialRecord, rotation: RotationRecord) -> dict[str, Value]:
    """Return a credential as a draft with the values that are kept beside those in use."""
    kept: dict[str, Value] = {
        name: tuple((key, text) for key, text in value) if isinstance(value, list) else value
        for name, value in rotation.fields.items()
    }
    return {**stored_draft(record), **kept, **rotation.secrets}


def account_of(record: CredentialRecord) -> tuple[str, str]:
    """Return label and id of the account that a credential's secret opens; empty ones for none."""
    specs = provider_for(record.vendor).model.specs()
    for name in record.secrets:
        account = specs[name].account if name in specs else ""
        if account and record.fields.get(account):
            return _(specs[account].label), str(record.fields[account])
    return "", ""


def members_of(store: Store, record: CredentialRecord) -> list[Member]:
    """Return a credential, those that hold the same secret, then others of the same account.

    They may belong to other environments: a provider's accounts know nothing of ours.
    """
    found = {record.id: _member(store, record, is_same=True, names=_names(record, record))}
    twins = store.credentials.twins(record.id)
    for twin in twins:
        other = store.credentials.get(twin.credential_id)
        known = {each.field: each.other_field for each in twins if each.credential_id == other.id}
        names = _names(record, other, known)
        found[other.id] = _member(store, other, is_same=True, names=names)
    _label, account = account_of(record)
    for other in store.credentials.of_vendor(record.vendor) if account else ():
        if other.id not in found and account_of(other) == account_of(record):
            names = _names(record, other)
            found[other.id] = _member(store, other, is_same=False, names=names)
    return list(found.values())


def member_again(store: Store, member: Member) -> Member:
    """Return a member as it is now.

    Raises:
        NotFound: its credential was deleted meanwhile.
    """
    record = store.credentials.get(member.record.id)
    return _member(store, record, is_same=member.is_same, names=member.names)


def stage(store: Store, members: Sequence[Member], draft: Draft) -> list[Member]:
    """Stage new values for members, for all of them or none.

    Args:
        store: where to.
        members: for whom.
        draft: new values by the names that the fields have in the first member; what is empty or
            as it is in use stays as it is.

    Raises:
        InvalidFields: nothing new is in the draft, or it does not fit a member; nothing was staged.
        WrongState, StaleRevision, NotFound: see `Rotations.stage`; nothing was staged.
    """
    with store.changing():
        for member in members:
            fields, secrets = _new_values(member, draft)
            store.rotations.stage(
                member.record.id,
                fields,
                secrets,
                revision=member.record.revision,
                seen=member.rotation,
            )
    return [member_again(store, member) for member in members]


def check_staged(member: Member, draft: Draft) -> list[Issue]:
    """Return what is wrong with new values for a member, at their fields."""
    given = _given(member, draft)
    whole = {**stored_draft(member.record), **given}
    issues: list[Issue] = provider_for(member.record.vendor).check(whole)
    return [issue for issue in issues if issue.field in given]


def promote(store: Store, members: Sequence[Member], *, unproven: bool = False) -> list[Member]:
    """Put the staged secrets of members in use, all of them or none; those before are kept.

    Args:
        store: where.
        members: whose.
        unproven: also those that were not seen to work.

    Raises:
        Unproven: one was not verified, or did not pass; nothing was promoted.
        WrongState, StaleRevision, NotFound: see `Rotations.promote`; nothing was promoted.
        SmstuiError: nothing is staged for one of them.
    """
    doubtful = [member for member in members if member.phase in (Phase.STAGED, Phase.FAILED)]
    if doubtful and not unproven:
        names = some_of([member.record.name for member in doubtful])
        raise Unproven(
            _("Not seen to work: the staged secret of {names}. Verify it first.").format(
                names=names
            )
        )
    with store.changing():
        for member in members:
            store.rotations.promote(_kept(member), revision=member.record.revision)
    return [member_again(store, member) for member in members]


def roll_back(store: Store, members: Sequence[Member]) -> list[Member]:
    """Put the secrets from before a promotion in use again, all of them or none.

    Raises:
        WrongState, StaleRevision, NotFound: see `Rotations.roll_back`; nothing was changed.
        SmstuiError: nothing was promoted for one of them.
    """
    with store.changing():
        for member in members:
            store.rotations.roll_back(_kept(member))
    return [member_again(store, member) for member in members]


def discard(store: Store, members: Sequence[Member]) -> list[Member]:
    """Forget what is not in use: staged secrets, or those from before a promotion.

    Raises:
        StaleRevision, NotFound: see `Rotations.discard`; nothing was discarded.
        SmstuiError: there is nothing beside what is in use for one of them.
    """
    with store.changing():
        for member in members:
            store.rotations.discard(_kept(member))
    return [member_again(store, member) for member in members]


def phase_of(store: Store, credential_id: int) -> Phase:
    """Return how far the rotation of a credential has come.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    return _phase(store.credentials.get(credential_id), store.rotations.of(credential_id))


# Within


def _phase(record: CredentialRecord, rotation: RotationRecord | None) -> Phase:
    if rotation is None:
        return Phase.NONE
    if rotation.state is RotationState.PROMOTED:
        return Phase.PROMOTED
    proof = rotation.proof
    if proof is None or proof.revision != record.revision:
        return Phase.STAGED
    return Phase.VERIFIED if proof.result in (Result.PASSED, Result.WARNED) else Phase.FAILED


def _member(
    store: Store, record: CredentialRecord, *, is_same: bool, names: Mapping[str, str]
) -> Member:
    environment = store.environments.get(record.environment_id).name
    return Member(record, environment, store.rotations.of(record.id), is_same, names)


def _names(
    record: CredentialRecord, other: CredentialRecord, known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return which field of another credential takes the new value of which field of the first.

    Args:
        record: the credential asked about.
        other: the other one.
        known: secrets that are the same, under another name.
    """
    theirs = rotatable(other)
    if record.vendor == other.vendor:
        return {name: name for name in rotatable(record) if name in theirs}
    names = dict(known or {})
    for name, spec in rotatable(record).items():
        beside = names.get(spec.goes_with, "")
        companions = (key for key, each in theirs.items() if beside and each.goes_with == beside)
        if companion := next(companions, ""):
            names[name] = companion
    return {name: key for name, key in names.items() if key in theirs}


def _given(member: Member, draft: Draft) -> dict[str, Value]:
    """Return what of a draft is new to a member, by its own names."""
    stored = stored_draft(member.record)
    named = {member.names[name]: value for name, value in draft.items() if name in member.names}
    return {
        name: value
        for name, value in named.items()
        if not is_empty(value) and not _is_same(value, stored.get(name))
    }


def _new_values(member: Member, draft: Draft) -> tuple[dict[str, Any], dict[str, SecretStr]]:
    """Return what is staged for a member.

    Raises:
        InvalidFields: nothing is, or it does not fit.
    """
    given = _given(member, draft)
    specs = rotatable(member.record)
    if not any(specs[name].is_secret or name not in _companions(specs) for name in given):
        secret = next((name for name, spec in specs.items() if spec.is_secret), "name")
        said = _("{name}: this is the secret that is in use, or none.")
        raise InvalidFields([Issue(secret, said.format(name=member.record.name))])
    new = new_credential(member.record.vendor, {**stored_draft(member.record), **given})
    fields = {name: value for name, value in new.fields.items() if name in given}
    secrets = {name: value for name, value in new.secrets.items() if name in given}
    return fields, secrets


def _companions(specs: Mapping[str, FieldSpec]) -> set[str]:
    """Return the fields that are nothing without a secret."""
    return {name for name, spec in specs.items() if spec.goes_with}


def _kept(member: Member) -> RotationRecord:
    if member.rotation is None:
        raise nothing_staged(member)
    return member.rotation


def nothing_staged(member: Member) -> SmstuiError:
    """Return the error that says that there is nothing beside what is in use."""
    said = _("Nothing is staged for {name}. Stage a secret first.")
    return SmstuiError(said.format(name=member.record.name), title=N_("Nothing is staged"))


def _holds_secret(value: Value) -> bool:
    return isinstance(value, tuple) and any(is_secret_name(name) and text for name, text in value)


def _is_same(value: Value, other: Value) -> bool:
    if isinstance(value, tuple) or isinstance(other, tuple):
        return value == other
    return text_of(value) == text_of(other)
