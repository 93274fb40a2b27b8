"""Proving staged secrets: the provider is asked with them, and nothing is sent."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from smstui.providers.base import Credential, Provider, Result
from smstui.providers.fields import Severity
from smstui.providers.registry import provider_for
from smstui.rotation import (
    Member,
    draft_with_kept,
    member_again,
    nothing_staged,
    rotatable,
)
from smstui.store.rotation_records import RotationState

if TYPE_CHECKING:
    import httpx

    from smstui.store import Store
    from smstui.verify import Verification
    from smstui.verify.board import Item


def proving_credential(member: Member) -> Credential:
    """Return a credential that the staged secrets alone open, as far as that can be.

    A secret beside them that is not needed is left out: what logs in is what is staged.

    Raises:
        SmstuiError: nothing is staged.
        InvalidFields: the credential was changed since, and they no longer fit.
    """
    rotation = member.rotation
    if rotation is None or rotation.state is not RotationState.STAGED:
        raise nothing_staged(member)
    provider = provider_for(member.record.vendor)
    draft = draft_with_kept(member.record, rotation)
    specs = rotatable(member.record)
    for name in [name for name in member.record.secrets if name not in rotation.secrets]:
        others = {name, *(key for key, spec in specs.items() if spec.goes_with == name)}
        without = {key: value for key, value in draft.items() if key not in others}
        if not any(issue.severity is Severity.ERROR for issue in provider.check(without)):
            draft = without
    credential: Credential = provider.build(draft)
    return credential


async def verify_staged(
    members: Sequence[Member], *, client: httpx.AsyncClient | None = None
) -> AsyncGenerator[tuple[Member, Verification], None]:
    """Probe with the staged secrets, and yield each member with how that went; nothing is sent.

    Args:
        members: whose.
        client: what to ask with; None for one of the engine's own.

    Raises:
        SmstuiError: nothing is staged for one of them.
    """
    from smstui.verify import Depth
    from smstui.verify.board import verify_all

    for member in members:
        proving_credential(member)
    by_id = {member.record.id: member for member in members}
    runs = verify_all(_items(members), depth=Depth.PROBE, client=client)
    async with aclosing(runs):
        async for item, verification in runs:
            yield by_id[item.id], verification


def keep_proof(store: Store, member: Member, verification: Verification) -> Member:
    """Keep how the verification of a staged secret went, and return the member with it.

    Raises:
        WrongState, StaleRevision, NotFound: it is no longer what was verified.
    """
    rotation = member.rotation
    assert rotation is not None  # noqa: S101 - it was verified
    told = [stage for stage in verification.stages if stage.outcome is not None]
    failed = [stage for stage in told if stage.result is Result.FAILED]
    stage_ = next(reversed(failed or told), None)
    summary = "" if stage_ is None else stage_.summary
    if failed and stage_ is not None:
        summary = f"{summary}. {stage_.hint}"
    store.rotations.verified(
        rotation,
        revision=member.record.revision,
        result=verification.result.value,
        word=verification.word,
        summary=summary,
    )
    return member_again(store, member)


async def _items(members: Sequence[Member]) -> AsyncIterator[Item]:
    for member in members:
        yield _item(member)


def _item(member: Member) -> Item:
    from smstui.verify.board import Item

    def judge() -> tuple[Provider[Any], Credential]:
        return provider_for(member.record.vendor), proving_credential(member)

    return Item(member.record.id, member.record.name, member.record.vendor, judge)
