"""Custom: any provider with an HTTP API, by address, headers, payload template and Auth Type.

The form is Adobe's (`smstui.providers.custom_fields`). A message is one POST to Provider URL; the
types that need a token ask for it first. There is no call to ask for a message's state: no two
providers have the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from smstui.i18n import N_, _
from smstui.messaging.numbers import tidy_number
from smstui.providers import auth, custom_answers, custom_paste, custom_rules
from smstui.providers.auth import AuthType, CannotSign, TokenCache
from smstui.providers.base import (
    ClientCertificate,
    Dialogue,
    Outcome,
    Provider,
    Request,
    Result,
    TriedOut,
)
from smstui.providers.custom_fields import CustomCredential
from smstui.providers.extraction import Extraction, try_out
from smstui.providers.fields import Draft, Issue, Offer, Preset, Value, text_of
from smstui.providers.payload import encode_body, fill, mentions, parse_json
from smstui.providers.phone import check_recipient, check_text
from smstui.providers.presets import PRESETS
from smstui.times import Clock, utc_now

MAX_TEXT = 10_000
"""Characters of a message. Providers differ; this only stops what cannot be meant (RCS: 3,072)."""


class CustomProvider(Provider[CustomCredential]):
    """A provider of the admin's own making."""

    vendor = "Custom"
    model = CustomCredential
    look_up = N_("In the provider's own console, by the recipient's number.")
    carries = ("SMS", "MMS", "RCS")

    def __init__(self, clock: Clock = utc_now) -> None:
        """Begin without tokens.

        Args:
            clock: for the expiry of tokens and certificates, and for signatures.
        """
        self._clock = clock
        self._tokens = TokenCache(clock)

    def check(self, draft: Draft) -> list[Issue]:
        """Return everything wrong with a draft; what an import leaves out has its default."""
        return super().check(self._completed(draft))

    def build(self, draft: Draft) -> CustomCredential:
        """Return the credential that a draft describes; what is left out has its default.

        Raises:
            InvalidFields: the draft has errors, or names a field that the vendor does not have.
        """
        return super().build(self._completed(draft))

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with headers, payload, extraction, Auth Type and certificates."""
        yield from custom_rules.header_issues(draft)
        yield from custom_rules.payload_issues(draft)
        yield from custom_rules.extraction_issues(draft)
        yield from custom_rules.auth_issues(draft, self._clock())

    def channels(self, credential: CustomCredential) -> tuple[str, ...]:
        """Return its Channel type; whatever the address takes where none was chosen."""
        return (credential.channel_type,) if credential.channel_type else self.carries

    def host(self, credential: CustomCredential) -> str:
        """Return host and port of Provider URL, with ``http://`` before it on this machine."""
        parts = urlsplit(credential.provider_url)
        return f"http://{parts.netloc}" if parts.scheme == "http" else parts.netloc

    def check_message(self, credential: CustomCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient, text and sender."""
        issues = check_recipient(to) + check_text(text, most=MAX_TEXT)
        template = parse_json(credential.provider_payload)
        if mentions(template, "fromNumber") and not credential.sender_number:
            said = _("There is nothing to put in the place of {variable}: fill in Sender number.")
            issues.append(Issue("sender_number", said.format(variable="{{fromNumber}}")))
        return issues

    def probe(self, credential: CustomCredential, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that asks for a token; other types have nothing to ask."""
        if credential.auth_type not in auth.ASKING:
            return self._nothing_to_ask(credential)
        self._tokens.drop(auth.cache_key(credential))
        grant = yield from auth.ask_for_token(credential)
        if isinstance(grant, Outcome):
            return grant
        self._tokens.keep(auth.cache_key(credential), grant)
        host = urlsplit(auth.token_request(credential).url).netloc
        if auth.expires_at_once(grant):
            return Outcome(
                result=Result.WARNED,
                word=_("short-lived"),
                summary=_("token from {host}, expired as it came").format(host=host),
                cause=_(
                    "The token's lifetime is 10 s or less, so each message asks for a new one."
                ),
                next_step=_("Check the clock of the token endpoint, and its settings."),
            )
        if grant.lifetime is None:
            summary = _("token from {host}, lifetime not told").format(host=host)
        else:
            summary = _("token from {host}, for {n} s").format(host=host, n=f"{grant.lifetime:.0f}")
        return Outcome(result=Result.PASSED, word=_("token given"), summary=summary)

    def message(self, credential: CustomCredential, to: str, text: str) -> Dialogue:
        """Return the conversation that sends one message."""
        request = message_request(credential, to, text)
        try:
            answer = yield from auth.send(credential, request, self._tokens, self._clock)
        except CannotSign as error:
            return _not_signed(error)
        if isinstance(answer, Outcome):
            return answer
        return custom_answers.read(answer, credential)

    def status(self, credential: CustomCredential, message_id: str) -> Dialogue | None:
        """Return None: there is no common way to ask for a message's state."""
        return None

    def client_certificate(self, credential: CustomCredential) -> ClientCertificate | None:
        """Return the certificate of mTLS, when it is switched on."""
        if not credential.mtls_support or credential.client_key is None:
            return None
        return ClientCertificate(
            credential.client_certificate, credential.client_key, credential.client_key_passphrase
        )

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a curl command would fill in: address, headers, login and payload."""
        return custom_paste.recognise(pasted, self.model.specs())

    def presets(self) -> tuple[Preset, ...]:
        """Return the providers whose send calls are published."""
        return PRESETS

    def preview(self, draft: Draft, to: str, text: str) -> Request:
        """Return the request of a message without its login, however far the form is.

        Raises:
            InvalidJson: the payload is not JSON; the message says where.
            NotAForm: the payload is nested, and Content-Type asks for a form.
        """
        url = text_of(draft.get("provider_url"))
        rows = custom_rules.header_rows(draft)
        return Request("POST", url, rows, preview(draft, to, text).encode())

    def try_out(self, draft: Draft, answer: str) -> TriedOut:
        """Return what *Message ID extraction* finds in a pasted answer."""
        mode = text_of(draft.get("message_id_extraction"))
        path = text_of(draft.get("message_id_path"))
        if mode not in (Extraction.FIELD_MATCH, Extraction.DOT_PATH):
            return TriedOut("", _("Message ID extraction is none: choose how the id is found."))
        if not path:
            return TriedOut("", _("Fill in Message ID key or path first."))
        if not answer.strip():
            return TriedOut("", "")
        return try_out(answer, Extraction(mode), path)

    def forget(self) -> None:
        """Drop all tokens."""
        self._tokens.clear()

    def _completed(self, draft: Draft) -> dict[str, Value]:
        """Return a draft with the defaults of optional fields that apply and are not in it."""
        whole = dict(draft)
        for name, spec in self.model.specs().items():
            is_optional = not self.model.model_fields[name].is_required()
            if is_optional and spec.default is not None and name not in draft:
                whole |= {name: spec.default} if spec.applies_to(draft) else {}
        return whole

    def _nothing_to_ask(self, credential: CustomCredential) -> Outcome:
        if credential.auth_type == AuthType.JWT:
            try:
                auth.signed(credential, Request("POST", credential.provider_url), self._clock)
            except CannotSign as error:
                return _not_signed(error)
            said = _("a JWT can be signed; nothing was asked")
        else:
            said = _("nothing to ask without sending")
        return Outcome(
            result=Result.WARNED,
            word=_("not proved"),
            summary=said,
            cause=_("A custom provider has no call that is known to send nothing."),
            next_step=_("Send a message to prove the login."),
        )


def message_request(credential: CustomCredential, to: str, text: str) -> Request:
    """Return the request of one message, before its authentication."""
    values = _values(credential.sender_number, to, text, credential.number_format)
    rows = tuple((name.strip(), value.strip()) for name, value in credential.headers)
    if not custom_rules.header_value(rows, "accept"):
        rows = (*rows, ("Accept", "application/json"))
    document = fill(parse_json(credential.provider_payload), values)
    content_type = custom_rules.header_value(rows, "content-type")
    return Request("POST", credential.provider_url, rows, encode_body(document, content_type))


def preview(draft: Draft, to: str, text: str) -> str:
    """Return the body as it will be sent, for a form that is still being filled.

    Args:
        draft: at least ``provider_payload``, ``headers`` and ``sender_number``.
        to: the recipient.
        text: the message.

    Raises:
        InvalidJson: the payload is not JSON; the message says where.
        NotAForm: the payload is nested, and Content-Type asks for a form.
    """
    rows = custom_rules.header_rows(draft)
    sender, written = (text_of(draft.get(name)) for name in ("sender_number", "number_format"))
    values = _values(sender, to, text, written)
    document = fill(parse_json(text_of(draft.get("provider_payload"))), values)
    return encode_body(document, custom_rules.header_value(rows, "content-type")).decode()


def _values(sender: str, to: str, text: str, number_format: str) -> dict[str, str]:
    number = tidy_number(to)
    if number_format == "digits":
        number = number.removeprefix("+")
    return {"fromNumber": sender, "toNumber": number, "message": text}


def _not_signed(error: CannotSign) -> Outcome:
    return Outcome(
        result=Result.FAILED,
        word=_("not signed"),
        summary=_("the JWT cannot be signed"),
        cause=error.message,
        next_step=_("Correct claims, algorithm or key in the credential."),
        field="jwt_payload" if error.in_claims else "jwt_key",
    )
