"""What the store keeps of webhooks, of what came in by them, and of consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from smstui.store.records import InEnvironment

if TYPE_CHECKING:
    from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook that is not in the store yet.

    Attributes:
        vendor: the value of *Select SMS vendor*.
        type: what it receives, a value of `smstui.webhooks.base.WebhookType`.
        name: its name.
        credential_id: the credential it names, None for none.
        path: the unguessable part of its URL; it stays when the webhook is changed.
        fields: the others, JSON values.
        secrets: the secrets that its callers are known by.
    """

    vendor: str
    type: str
    name: str
    credential_id: int | None
    path: str
    fields: Mapping[str, Any]
    secrets: Mapping[str, SecretStr] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookRecord(InEnvironment):
    """One stored webhook; ``credential`` is the present name of the credential, "" for none."""

    vendor: str
    type: str
    credential_id: int | None
    credential: str
    path: str


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """What a list shows of a webhook; ``event_at`` is None when nothing has come in yet."""

    id: int
    name: str
    vendor: str
    type: str
    credential: str
    created_by: str
    modified_at: datetime
    event_at: datetime | None
    event_result: str
    event_word: str


@dataclass(frozen=True, slots=True)
class NewCall:
    """An HTTP request that came in, secrets already taken out of its headers."""

    webhook_id: int
    at: datetime
    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewEvent:
    """One thing that a call said, and what was made of it.

    Attributes:
        kind: a value of `smstui.webhooks.base.EventKind`.
        result: a value of `smstui.providers.base.Result` for the mark in lists; empty for neutral.
        word: two or three words for lists: "delivered", "opt-out", "bad signature".
        key: what repeated deliveries have in common; empty when nothing.
        reason: why it was refused, one sentence; or what is to be known of it.
        category, keyword, is_fuzzy, reply: what the keyword engine made of an inbound text.
        consent_before, consent_after: values of `smstui.webhooks.consent.ConsentState`; both empty
            when consent stayed as it was.
        outcome: what became of a message, as `smstui.webhooks.stored.outcome_record` writes it.
        mapped: the event in Adobe's variable names.
    """

    kind: str
    result: str = ""
    word: str = ""
    sender: str = ""
    recipient: str = ""
    text: str = ""
    message_id: str = ""
    reference: str = ""
    key: str = ""
    reason: str = ""
    category: str = ""
    keyword: str = ""
    is_fuzzy: bool = False
    reply: str = ""
    consent_before: str = ""
    consent_after: str = ""
    outcome: Mapping[str, Any] = field(default_factory=dict)
    mapped: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EventRow:
    """What a list shows of an event; ``repeats`` counts further deliveries of the same thing.

    ``text`` is the provider's code where there is no text.
    """

    id: int
    at: datetime
    kind: str
    result: str
    word: str
    sender: str
    recipient: str
    text: str
    webhook: str
    repeats: int


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One stored event with the call it came by."""

    id: int
    webhook_id: int
    webhook: str
    vendor: str
    call: NewCall
    event: NewEvent
    repeats: int
    repeated_at: datetime | None


@dataclass(frozen=True, slots=True)
class EventQuery:
    """Which events of the list, newest first.

    Attributes:
        text: words that must all occur in numbers, webhook, kind, word or text; any case.
        webhook_id: only those of one webhook.
        after: only those with a greater id: what is new since a list was read.
        limit: at most so many of the newest; None for all.
    """

    text: str = ""
    webhook_id: int | None = None
    after: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """How consent of one number to one sender stands; ``changes`` counts its history."""

    id: int
    number: str
    sender: str
    state: str
    at: datetime
    keyword: str
    webhook: str
    changes: int


@dataclass(frozen=True, slots=True)
class ConsentChange:
    """One change of consent: by which keyword of which webhook; event_id None once pruned."""

    at: datetime
    before: str
    after: str
    category: str
    keyword: str
    webhook: str
    event_id: int | None
