"""The contract between a vendor's room and the rest of the house.

A provider is pure: it describes requests and reads responses; it opens no connection and keeps no
state. What takes more than one request (a login first, another region, a second look) is written
as a `Dialogue`: a generator that yields a `Request`, is sent the `Response`, and returns the
`Outcome`. The engine in `smstui.verify` carries it out and deals with everything that can go
wrong on the way.
"""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, SecretStr

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Offer,
    Preset,
    Severity,
    Value,
    check_fields,
    is_empty,
    text_of,
)


class Credential(BaseModel):
    """One API credential. Vendors add their fields; each carries a `FieldSpec`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[
        str,
        FieldSpec(
            label=N_("Name"),
            help=N_("A name of your choice, 1 to 100 characters; each name is used once."),
            required=True,
            max_length=100,
        ),
    ]

    @classmethod
    def specs(cls) -> dict[str, FieldSpec]:
        """Return the field specs by field name, in the order of the form."""
        return {
            name: next(entry for entry in info.metadata if isinstance(entry, FieldSpec))
            for name, info in cls.model_fields.items()
        }

    def draft(self) -> dict[str, Value]:
        """Return the field values by name; secrets stay wrapped."""
        return {name: getattr(self, name) for name in type(self).model_fields}

    def secrets(self) -> tuple[SecretStr, ...]:
        """Return the secrets that are set."""
        values = (getattr(self, name) for name, spec in self.specs().items() if spec.is_secret)
        return tuple(value for value in values if value is not None)


C = TypeVar("C", bound=Credential)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as it will go over the wire. Its repr shows no header, query or body.

    ``secrets_in`` finds the secrets that the answer brings (a fresh token), so that they are hidden
    in this answer and in everything that follows. An ``optional`` request may find nobody: the
    conversation is sent an answer of status 0 then, and goes on. One that ``prepares`` (asks for a
    token) sends no message, whatever becomes of it.
    """

    method: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    secrets_in: Callable[[Response], Iterable[SecretStr]] | None = field(
        default=None, repr=False, compare=False
    )
    optional: bool = field(default=False, repr=False, compare=False)
    prepares: bool = field(default=False, repr=False, compare=False)

    @classmethod
    def get(cls, url: str, *headers: tuple[str, str]) -> Self:
        """Return a GET request."""
        return cls("GET", url, (("Accept", "application/json"), *headers))

    @classmethod
    def form(cls, url: str, pairs: Iterable[tuple[str, str]], *headers: tuple[str, str]) -> Self:
        """Return a POST request with a form-encoded body; keys may repeat."""
        return cls(
            "POST",
            url,
            (
                ("Accept", "application/json"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                *headers,
            ),
            urlencode(list(pairs)).encode("ascii"),
        )

    @classmethod
    def json(cls, url: str, document: Any, *headers: tuple[str, str]) -> Self:
        """Return a POST request with a JSON body."""
        return cls(
            "POST",
            url,
            (("Accept", "application/json"), ("Content-Type", "application/json"), *headers),
            json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(),
        )


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, body read up to 1 MiB."""

    status: int
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)
    truncated: bool = False

    def header(self, name: str) -> str:
        """Return the first header of that name, in any case; empty when there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), "")

    def document(self) -> Any:
        """Return the body as JSON, or None when it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def record(self) -> dict[str, Any]:
        """Return the body as a JSON object; empty when it is anything else."""
        document = self.document()
        return document if isinstance(document, dict) else {}


class Result(StrEnum):
    """How a stage of a verification ended."""

    PASSED = "passed"
    WARNED = "warned"
    FAILED = "failed"
    SKIPPED = "skipped"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a provider's answer means, in words for a person: translated, and free of secrets.

    Attributes:
        result: passed, warned (good enough to go on, but look), failed, or pending (ask again).
        word: two or three words for a list: "delivered", "token refused", "landline".
        summary: one line for the stage: "account Acme: active, full".
        cause: the likeliest cause, as a sentence.
        next_step: what to do, as a sentence.
        field: name of the field at fault, when one is.
        code: the provider's own code.
        raw: the provider's own text, as it came.
        link: the provider's page on the code.
        request_id: the provider's id of the request, for its support.
        message_id: the provider's id of an accepted message.
        channel: what really carried the message ("SMS", "RCS"), when the provider says so.
        retry_after: seconds the provider asks to wait, when it does.
    """

    result: Result
    word: str
    summary: str
    cause: str = ""
    next_step: str = ""
    field: str = ""
    code: str = ""
    raw: str = ""
    link: str = ""
    request_id: str = ""
    message_id: str = ""
    channel: str = ""
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What a client proves itself with in TLS.

    Attributes:
        certificate: in PEM form, followed by those that vouch for it.
        key: its private key, in PEM form.
        passphrase: of the key, when it is encrypted.
    """

    certificate: str
    key: SecretStr
    passphrase: SecretStr | None = None


Dialogue = Generator[Request, Response, Outcome]
"""A conversation with a provider: yields requests, is sent their responses, returns the outcome."""


@dataclass(frozen=True, slots=True)
class TriedOut:
    """What an extraction finds in an answer that a person pasted: a value or none, a sentence."""

    value: str
    said: str


class InvalidFields(SmstuiError):
    """A draft cannot become a credential; ``issues`` says why, field by field."""

    title = N_("Some fields need attention")

    def __init__(self, issues: list[Issue]) -> None:
        self.issues = issues
        super().__init__(" ".join(issue.message for issue in issues))


class Provider(ABC, Generic[C]):
    """The adapter that knows one vendor's model and wire format."""

    vendor: ClassVar[str]
    """The value of the *SMS vendor* field, as on Adobe's screen and in imports."""
    model: type[C]
    look_up: ClassVar[str] = ""
    """Where to look whether a message went out, after a time-out: a sentence, marked with `N_`."""
    carries: ClassVar[tuple[str, ...]] = ("SMS",)
    """What messages of this vendor can be: SMS, MMS, RCS."""

    def check(self, draft: Draft) -> list[Issue]:
        """Return everything wrong with a draft, in the order of the form."""
        specs = self.model.specs()
        issues = [*check_fields(specs, draft), *self.rules(draft)]
        order = list(specs)
        return sorted(issues, key=lambda issue: order.index(issue.field))

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the fields taken together."""
        return ()

    def build(self, draft: Draft) -> C:
        """Return the credential that a draft describes, without its hidden fields.

        Raises:
            InvalidFields: the draft has errors, or names a field that the vendor does not have.
        """
        specs = self.model.specs()
        unknown = [
            Issue("name", _("{vendor} has no field {field}.").format(vendor=self.vendor, field=key))
            for key in draft
            if key not in specs
        ]
        errors = unknown + [i for i in self.check(draft) if i.severity is Severity.ERROR]
        if errors:
            raise InvalidFields(errors)
        values: dict[str, Any] = {}
        for name, spec in specs.items():
            value = draft.get(name)
            if not spec.applies_to(draft) or is_empty(value):
                continue
            values[name] = int(text_of(value)) if spec.kind is Kind.NUMBER else value
        return self.model.model_validate(values)

    @abstractmethod
    def host(self, credential: C) -> str:
        """Return the host that messages are sent to, for the connect stage and for rate limits."""

    @abstractmethod
    def check_message(self, credential: C, to: str, text: str) -> list[Issue]:
        """Return what is wrong with a message before it goes; fields are ``to`` and ``text``."""

    @abstractmethod
    def probe(self, credential: C, to: str = "", text: str = "") -> Dialogue:
        """Return the authenticated, read-only conversation that sends no message."""

    @abstractmethod
    def message(self, credential: C, to: str, text: str) -> Dialogue:
        """Return the conversation that sends one real message. It is never repeated by itself."""

    @abstractmethod
    def status(self, credential: C, message_id: str) -> Dialogue | None:
        """Return the conversation that asks for a message's state, or None when none can be had.

        Its outcome is pending until the state is final.
        """

    def channels(self, credential: C) -> tuple[str, ...]:
        """Return what the messages of a credential can be, some or all of `carries`."""
        return self.carries

    def sender(self, credential: C, sender: str, channel: str) -> Dialogue | None:
        """Return the conversation that asks whether the account may send from a sender.

        It reads only. Its outcome is skipped when this login cannot see the answer.

        Args:
            credential: who asks.
            sender: a number, short code, name or id.
            channel: one of `carries`.

        Returns:
            None when the vendor documents no way to ask about such a sender.
        """
        return None

    def client_certificate(self, credential: C) -> ClientCertificate | None:
        """Return what this side proves itself with in TLS, or None.

        It is for requests to `host` alone, not for those to a token endpoint elsewhere.
        """
        return None

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a paste would fill in, a curl command or a bare id; None for anything else.

        Nothing is sent, and no file that the command names is read.
        """
        return None

    def presets(self) -> tuple[Preset, ...]:
        """Return starting points for a new form."""
        return ()

    def preview(self, draft: Draft, to: str, text: str) -> Request:
        """Return the request of a message as it would be sent, for a form that is being filled.

        Args:
            draft: the form as it stands.
            to: the recipient.
            text: the message.

        Raises:
            SmstuiError: the draft is not far enough; the message says why.
        """
        named = {**draft, "name": text_of(draft.get("name")) or "-"}
        conversation = self.message(self.build(named), to, text)
        request = next(conversation)
        conversation.close()
        return request

    def try_out(self, draft: Draft, answer: str) -> TriedOut | None:
        """Return what the form's extraction finds in a pasted answer; None without extraction."""
        return None

    def forget(self) -> None:
        """Drop what was kept in memory between conversations (tokens); for a store that closes."""
        return


def basic_auth(user: str, password: str) -> tuple[str, str]:
    """Return the Authorization header of HTTP Basic (RFC 7617), UTF-8."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return ("Authorization", f"Basic {token}")


def mask(value: SecretStr) -> str:
    """Return what may be said of a stored secret: "set, ends in 4f2a", or of a short one "set"."""
    text = value.get_secret_value()
    return _("set, ends in {tail}").format(tail=text[-4:]) if len(text) >= 16 else _("set")
