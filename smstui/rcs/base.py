"""The contract between a route (one provider's way to RCS) and the rest of the house.

A route is pure: it declares what has to be typed, what has to be done and where, and describes
the conversations that the provider's API allows. The engine of `smstui.verify` carries them out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from smstui.providers.base import Outcome, Provider, Request, Response
from smstui.providers.fields import Draft, FieldSpec, Issue, Value, text_of
from smstui.rcs.images import IMAGES, ImageLimits, Picture

if TYPE_CHECKING:
    from smstui.rcs.content import Content


class Step(StrEnum):
    """A page of the wizard. The values are kept in the store: never change one."""

    PROVIDER = "provider"
    REGISTER = "register"
    WEBHOOK = "webhook"
    CREDENTIAL = "credential"
    TEST = "test"
    CHANNEL = "channel"
    DONE = "done"


class Where(StrEnum):
    """Where a task is done."""

    HERE = "here"
    """The provider's API does it, when the admin asks."""
    CONSOLE = "console"
    """The provider's console alone does it."""
    ELSEWHERE = "elsewhere"
    """Somebody else does it: a reviewer, a carrier, the owner of a phone."""


class TaskState(StrEnum):
    """How far a task of the checklist is. The values are kept in the store."""

    OPEN = "open"
    DOING = "doing"
    """Asked for; somebody else has to act."""
    DONE = "done"
    REFUSED = "refused"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Task:
    """One external step of a registration.

    Attributes:
        key: its name in the store.
        label: what is to be done, marked with `N_`.
        help: how, and how long it takes, marked with `N_`.
        where: who does it.
        waits_for: for whom one waits while it is `TaskState.DOING`, marked with `N_`.
        optional: the registration is whole without it.
        usual: how long it takes mostly, where somebody says so, marked with `N_`.
    """

    key: str
    label: str
    help: str
    where: Where
    waits_for: str = ""
    optional: bool = False
    usual: str = ""


@dataclass(frozen=True, slots=True)
class TaskNote:
    """How a task stands: its state, since when, and what was noted, at most 200 characters."""

    state: TaskState = TaskState.OPEN
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One line of what the provider says: of a sender, a country, a carrier, a test device.

    Attributes:
        level: 0 for the sender, 1 for a country or a device, 2 for a carrier of the country above.
        name: which one.
        word: the provider's own word.
        state: what that comes to.
        remark: a reason that the provider gives.
    """

    level: int
    name: str
    word: str
    state: TaskState
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a conversation with the provider came to.

    Attributes:
        outcome: whether it worked, and what it means.
        status: what the provider says now; None when it was not asked for.
        tasks: tasks whose state this shows.
        learned: fields of the register step that the provider told: a sender's id.
        secrets: secret ones of them.
    """

    outcome: Outcome
    status: tuple[StatusLine, ...] | None = None
    tasks: Mapping[str, TaskState] = field(default_factory=dict)
    learned: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


Errand = Generator[Request, Response, Progress]
"""A conversation about a registration: yields requests, returns what it came to."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that the provider lets one do by API.

    Attributes:
        key: its name.
        label: what it does, marked with `N_`: "Invite a test device".
        asks: fields that are asked for first, by name.
        confirm: what is to be confirmed, marked with `N_`; empty for a harmless one.
        task: the key of the task it belongs to; empty for none.
    """

    key: str
    label: str
    asks: Mapping[str, FieldSpec] = field(default_factory=dict)
    confirm: str = ""
    task: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a route lets a message hold; None where nothing is published.

    Attributes:
        text: characters of a text.
        title, description: characters of a card's.
        suggestion: characters of a suggestion's label.
        suggestions: of a message; card_suggestions: of a card.
        cards: least and most of a carousel.
        source: the page it was taken from.
        action_label: characters of the label of a suggestion that is no reply, where that differs.
        carousel_suggestions: of a message that is a carousel, where that differs.
    """

    text: int | None
    title: int | None
    description: int | None
    suggestion: int | None
    suggestions: int | None
    card_suggestions: int | None
    cards: tuple[int, int]
    source: str
    action_label: int | None = None
    carousel_suggestions: int | None = None


@dataclass(frozen=True, slots=True)
class SentPart:
    """One request that a content becomes.

    Attributes:
        request: method and address, or what is posted there.
        document: its body as JSON values; variables of Adobe's payloads and blanks in angle
            brackets stand for what is not known yet.
        remark: what to know of it, translated; empty for nothing.
    """

    request: str
    document: Mapping[str, Any]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Setup:
    """A set-up as its route sees it: what was typed, by step; secrets are wrapped.

    Attributes:
        name: its name.
        drafts: field values by step.
    """

    name: str
    drafts: Mapping[Step, Draft] = field(default_factory=dict, repr=False)

    def text(self, step: Step, name: str) -> str:
        """Return a text or number field, or an unwrapped secret; empty when it is not set."""
        return text_of(self.drafts.get(step, {}).get(name))


@dataclass(frozen=True, slots=True)
class WebhookDraft:
    """A webhook that step 3 is to make: vendor and fields, without the credential."""

    vendor: str
    draft: Mapping[str, Value] = field(repr=False)


class Route(ABC):
    """One way to RCS.

    Attributes:
        name: what is stored and shown: "Twilio".
        how: one sentence on this way, marked with `N_`.
        tasks: the checklist, in order.
        limits: of a message's content.
        credential_vendor: of the credential that step 4 makes.
        has_fallback_choice: whether RCS alone and RCS with SMS behind it are two credentials.
        is_rcs_alone_sure: whether what is sent without the fallback goes by RCS or not at all.
        images: what logo and banner may be, by the name of their field.
    """

    name: ClassVar[str]
    how: ClassVar[str]
    tasks: ClassVar[tuple[Task, ...]]
    limits: ClassVar[Limits]
    credential_vendor: ClassVar[str]
    has_fallback_choice: ClassVar[bool] = True
    is_rcs_alone_sure: ClassVar[bool] = True
    images: ClassVar[Mapping[Picture, ImageLimits]] = IMAGES

    @abstractmethod
    def account_fields(self) -> Mapping[str, FieldSpec]:
        """Return the login that the provider is asked with, and ids at the provider; part of the
        register step. None is required to go on: a set-up works by console alone, too.
        """

    @abstractmethod
    def profile_fields(self) -> Mapping[str, FieldSpec]:
        """Return the business profile and agent, with the provider's own limits as checks."""

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the register step's fields taken together."""
        return ()

    @abstractmethod
    def profile_document(self, setup: Setup) -> dict[str, Any]:
        """Return the profile as the JSON that the provider's console or API takes."""

    @abstractmethod
    def actions(self, setup: Setup) -> Sequence[Action]:
        """Return what the provider lets one do by API with what is typed so far."""

    @abstractmethod
    def perform(self, setup: Setup, key: str, asked: Draft) -> Errand:
        """Return the conversation of an action.

        Args:
            setup: the set-up.
            key: of the action.
            asked: the fields it asked for.
        """

    @abstractmethod
    def ask_status(self, setup: Setup) -> Errand | None:
        """Return the conversation that asks how it stands; None when the provider has none, or
        what is typed is not enough.
        """

    @abstractmethod
    def webhooks(self, setup: Setup) -> Sequence[WebhookDraft]:
        """Return the webhooks that are needed: one for both, or inbound and feedback."""

    @abstractmethod
    def credential(self, setup: Setup, *, with_fallback: bool) -> dict[str, Value]:
        """Return the credential of step 4, prefilled.

        Args:
            setup: the set-up.
            with_fallback: an SMS goes out where RCS cannot; without it RCS alone is sent.
        """

    @property
    def test_provider(self) -> Provider[Any]:
        """Who sends the message of a test by RCS alone: the vendor, unless that always falls back
        to SMS.
        """
        from smstui.providers.registry import provider_for

        return provider_for(self.credential_vendor)

    def code_hint(self, code: str) -> str:
        """Return what an error code of a test means for a set-up; empty when it says nothing."""
        return ""

    def content_rules(self, content: Content) -> Iterable[Issue]:
        """Return what this provider does not take of a message, beside its limits.

        The issues name fields as `smstui.rcs.content_checks` does.
        """
        return ()

    def as_sent(self, content: Content) -> Sequence[SentPart]:
        """Return the requests that a message becomes; none where the format is not known."""
        return ()
