"""The contract between a vendor's webhooks and the rest of the house.

A `WebhookVendor` is pure: it declares the fields of a webhook, tells whether a call is genuine,
reads what it says, and makes a genuine call of its own for a try. The receiver opens the
connections, the store keeps what came.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from smstui.errors import SmstuiError
from smstui.i18n import N_
from smstui.providers.base import Credential, Outcome
from smstui.providers.fields import Draft, FieldSpec, Issue, text_of


class WebhookType(StrEnum):
    """What a webhook receives; the values are Adobe's, as on the screen and in imports."""

    INBOUND = "Inbound"
    FEEDBACK = "Feedback"
    BOTH = "Inbound and feedback"


class EventKind(StrEnum):
    """What an event is. The values are kept in the store: never change one."""

    INBOUND = "inbound"
    """A text that a subscriber sent."""
    FEEDBACK = "feedback"
    """What became of a message that was sent."""
    OTHER = "other"
    """Genuine, and neither: somebody is typing, a sender was launched."""
    REFUSED = "refused"
    """Not believed, or not understood: the reason is kept with it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request that came to a webhook, or that a provider would make.

    Attributes:
        method: POST mostly.
        url: the public URL with its query, as the provider was given it: what signatures cover.
        headers: names and values as they came, repeated ones repeated.
        body: the raw bytes.
        received: when it came, UTC.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    received: datetime

    def header(self, name: str) -> str:
        """Return the first header of that name, in any case; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    @property
    def media_type(self) -> str:
        """The Content-Type without its parameters, in lower case; empty when there is none."""
        return self.header("Content-Type").partition(";")[0].strip().lower()

    def form(self) -> list[tuple[str, str]]:
        """Return the decoded parameters of a form-encoded body, empty values included."""
        return parse_qsl(
            self.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000
        )


class Refused(SmstuiError):
    """A call is not believed or not understood; ``message`` is kept with it as the reason.

    Attributes:
        status: the HTTP status of the answer: 401 for a caller who is not known, 400 for a body
            that cannot be read.
        word: two or three words for a list: "bad signature".
    """

    title = N_("Refused")

    def __init__(self, message: str, *, word: str, status: int = 401) -> None:
        super().__init__(message)
        self.word = word
        self.status = status


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing that a call says; a call may say several.

    Everything in it was cleaned of unprintable characters by the vendor that read it.

    Attributes:
        kind: what it is, never ``REFUSED``.
        key: what a repeated delivery of the same thing has in common, empty when nothing does:
            the provider's id of an inbound text, id and state of a message for feedback.
        sender: who sent the text or message.
        recipient: to whom.
        text: of an inbound message.
        message_id: the provider's id of the message it is about.
        reference: what was sent along with a message and came back (client reference, callback
            data), empty when nothing did.
        outcome: what became of the message, for feedback; pending while its state is not final.
        word: two or three words for a list, for `EventKind.OTHER`.
        mapped: the same in Adobe's variable names (facts: InboundMessage, ProfileNumber, RequestID,
            OriginTimestamp, InboundNumber; client_reference, failureCode, feedbackStatus), and
            what else is worth seeing; JSON values.
    """

    kind: EventKind
    key: str = ""
    sender: str = ""
    recipient: str = ""
    text: str = ""
    message_id: str = ""
    reference: str = ""
    outcome: Outcome | None = None
    word: str = ""
    mapped: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller of a webhook is answered once its events are kept."""

    status: int = 200
    media_type: str = "application/json"
    body: bytes = b"{}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """A stored webhook as its vendor sees it.

    Attributes:
        name: its name.
        type: what it receives.
        draft: its fields by name; secrets are wrapped.
        credential: the credential it names, None when it names none or that one no longer fits.
    """

    name: str
    type: WebhookType
    draft: Draft = field(repr=False)
    credential: Credential | None = field(default=None, repr=False)

    def text(self, name: str) -> str:
        """Return a text or number field, or an unwrapped secret; empty when it is not set."""
        return text_of(self.draft.get(name))


@dataclass(frozen=True, slots=True)
class HandOver:
    """What an admin does at the provider, and how to prove that the path works.

    Attributes:
        steps: what to paste where, one sentence each, translated; no secret in them.
        settings: label and value of what is to be typed there (the URL first); a secret is told as
            `smstui.providers.base.mask` tells it.
        adobe: what Adobe does or needs differently here, a sentence or empty.
    """

    steps: Sequence[str]
    settings: Sequence[tuple[str, str]]
    adobe: str = ""


class WebhookVendor(ABC):
    """What is particular to the webhooks of one vendor.

    Attributes:
        vendor: the value of *Select SMS vendor*, as on Adobe's screen and in imports.
        types: the types there is a choice of; one alone is no choice and not shown.
        credential_vendors: vendors of credentials that such a webhook may name.
        remark: one sentence on what Adobe does with this vendor, marked with `N_`; else empty.
        is_needed: whether Adobe wants such a webhook for messages of those credentials.
        own_answers: keywords that the provider answers by itself when they come to a long number,
            whatever the webhook says; in capitals.
    """

    vendor: ClassVar[str]
    types: ClassVar[tuple[WebhookType, ...]] = (WebhookType.BOTH,)
    credential_vendors: ClassVar[tuple[str, ...]]
    remark: ClassVar[str] = ""
    is_needed: ClassVar[bool] = True
    own_answers: ClassVar[frozenset[str]] = frozenset()

    @abstractmethod
    def own_fields(self) -> Mapping[str, FieldSpec]:
        """Return the fields beside those that all webhooks have: payload, caller authentication.

        A ``shown_when`` may look at ``type``.
        """

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the vendor's own fields taken together."""
        return ()

    @abstractmethod
    def authenticate(self, webhook: Webhook, call: Call) -> None:
        """Believe a call, or not. Replays are told by `replay_key`, not here.

        Raises:
            Refused: with the reason: no signature, a wrong one, an old timestamp, no login.
        """

    def replay_key(self, webhook: Webhook, call: Call) -> str:
        """Return what may come once only (a nonce); empty where the vendor has no such thing."""
        return ""

    @abstractmethod
    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        """Return what a genuine call says; an empty list is an empty report.

        Raises:
            Refused: with status 400 and the reason, when it cannot be understood.
        """

    def answer(self, webhook: Webhook, readings: Sequence[Reading] = ()) -> Answer:
        """Return what the caller is answered when its events are kept.

        Args:
            webhook: the one that was called.
            readings: what the call said.
        """
        return Answer()

    @abstractmethod
    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        """Return a genuine call as the provider would make it: a STOP, or a delivery report.

        Args:
            webhook: whose secrets sign it.
            url: where it would go to.
            type: inbound or feedback.
            now: for its timestamps.
        """

    @abstractmethod
    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        """Return what to do at the provider so that it calls the URL."""
