"""Sinch, Sinch MMS and Sinch RCS: three vendors of Adobe's, two APIs of Sinch's.

The credentials are in `smstui.providers.sinch_models`, the SMS API in `sinch_sms`, the Conversation
API in `sinch_conversation`.
"""

from __future__ import annotations

import secrets
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.messaging.numbers import tidy_number
from smstui.providers import sinch_conversation as conversation
from smstui.providers import sinch_paste, sinch_sender
from smstui.providers import sinch_sms as sms
from smstui.providers.answers import together
from smstui.providers.base import Dialogue, Provider, Result
from smstui.providers.fields import Draft, Issue, Offer, Severity, is_empty, text_of
from smstui.providers.phone import check_recipient, check_text
from smstui.providers.sinch_fields import encoded_pair, is_pair, is_uuid, key_pair
from smstui.providers.sinch_hosts import conversation_host, sms_host
from smstui.providers.sinch_models import (
    ConversationCredential,
    SinchCredential,
    SinchMmsCredential,
    SinchRcsCredential,
)

MAX_TEXT = 1600
"""Characters of a text: of an SMS (mt_text), also as the fallback of RCS, and of an MMS (Adobe)."""

MMS_CODES = ("+1", "+61")
"""Country codes that Sinch's MMS reaches: the United States and Canada, and Australia."""

_LOOK_UP = N_("In the Sinch dashboard, by the recipient's number.")

NewReference = Callable[[], str]


def new_reference() -> str:
    """Return a reference for one message, unlike any other; Sinch repeats it in its reports."""
    return f"smstui-{secrets.token_hex(8)}"


class SinchProvider(Provider[SinchCredential]):
    """Sinch's SMS API."""

    vendor = "Sinch"
    model = SinchCredential
    look_up = _LOOK_UP

    def __init__(self, new_reference: NewReference = new_reference) -> None:
        """Begin.

        Args:
            new_reference: makes the reference of each message.
        """
        self._new_reference = new_reference

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a curl command to the SMS API would fill in."""
        return sinch_paste.recognise_plan(pasted, self.model.specs())

    def host(self, credential: SinchCredential) -> str:
        """Return the host of the SMS API."""
        return credential.api_host or sms_host(credential.region)

    def check_message(self, credential: SinchCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient and text."""
        return _check_message(to, text, sender=credential.inbound_number)

    def probe(self, credential: SinchCredential, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that reads one batch, and has a message checked if there is one.

        The check is Sinch's dry run: nothing leaves.
        """
        plan = yield from sms.try_plan(credential.plan)
        if plan.result is Result.FAILED or not to or not text:
            return plan
        return together(plan, (yield from sms.dry_run(credential, to, text, self._new_reference())))

    def message(self, credential: SinchCredential, to: str, text: str) -> Dialogue:
        """Return the conversation that sends one message, with a report for the recipient."""
        return sms.send(credential, to, text, self._new_reference(), look_up=_(self.look_up))

    def status(self, credential: SinchCredential, message_id: str) -> Dialogue:
        """Return the conversation that reads the recipient's delivery report."""
        return sms.ask_state(credential.plan, message_id)


K = TypeVar("K", bound=ConversationCredential)


class ConversationProvider(Provider[K]):
    """What Sinch MMS and Sinch RCS have in common."""

    look_up = _LOOK_UP

    def __init__(self, new_reference: NewReference = new_reference) -> None:
        """Begin.

        Args:
            new_reference: makes the reference of each message.
        """
        self._new_reference = new_reference

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the login: the API Token, or both halves of an access key."""
        yield from _token_issues(draft)
        yield from _key_issues(draft)

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a curl command to the Conversation API would fill in."""
        return sinch_paste.recognise_app(pasted, self.model.specs(), self.model.channels[0])

    def host(self, credential: K) -> str:
        """Return the host of the Conversation API."""
        return credential.api_host or conversation_host(credential.region)

    def probe(self, credential: K, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that reads the app and the state of its channels."""
        return conversation.try_app(credential)

    def message(self, credential: K, to: str, text: str) -> Dialogue:
        """Return the conversation that sends one message."""
        body = self.body(credential, to, text, self._new_reference())
        return conversation.send(credential, body, look_up=_(self.look_up))

    @abstractmethod
    def body(self, credential: K, to: str, text: str, reference: str) -> dict[str, Any]:
        """Return the body of one message."""

    def status(self, credential: K, message_id: str) -> Dialogue:
        """Return the conversation that asks once what the app kept of a message.

        Its outcome is skipped: Sinch tells delivery to webhooks alone.
        """
        return conversation.ask_message(credential, message_id)


class SinchMmsProvider(ConversationProvider[SinchMmsCredential]):
    """MMS by Sinch's Conversation API: text and picture, to the US, Canada and Australia."""

    vendor = "Sinch MMS"
    carries = ("MMS",)
    model = SinchMmsCredential

    def check_message(self, credential: SinchMmsCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient, text, sender and picture."""
        issues = _check_message(to, text, sender=credential.sender_number)
        if not issues and not tidy_number(to).startswith(MMS_CODES):
            said = _("Sinch's MMS reaches the United States, Canada and Australia.")
            issues.append(Issue("to", said, Severity.WARNING))
        if not credential.sender_number:
            said = _("There is nothing to send from: fill in Sender number under Advanced.")
            issues.append(Issue("sender_number", said))
        if not credential.test_media:
            said = _("An MMS carries a picture: fill in Test media under Advanced.")
            issues.append(Issue("test_media", said))
        return issues

    def body(
        self, credential: SinchMmsCredential, to: str, text: str, reference: str
    ) -> dict[str, Any]:
        """Return the body of one MMS."""
        return conversation.mms(credential, to, text, reference)


class SinchRcsProvider(ConversationProvider[SinchRcsCredential]):
    """RCS by Sinch's Conversation API, and SMS where RCS does not reach."""

    vendor = "Sinch RCS"
    carries = ("RCS",)
    model = SinchRcsCredential

    def check_message(self, credential: SinchRcsCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient and text."""
        issues = _check_message(to, text, sender=credential.sender_number)
        is_name = any(c.isalpha() for c in credential.sender_number)
        if is_name and tidy_number(to).startswith("+1"):
            said = _("The United States and Canada take no names as senders.")
            issues.append(Issue("sender_number", said, Severity.WARNING))
        return issues

    def probe(self, credential: SinchRcsCredential, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that reads the app, then the plan of its fallback by itself."""
        app = yield from super().probe(credential, to, text)
        if app.result is Result.FAILED:
            return app
        plan = yield from sms.try_plan(credential.plan)
        return together(app, conversation.as_fallback(plan, credential))

    def body(
        self, credential: SinchRcsCredential, to: str, text: str, reference: str
    ) -> dict[str, Any]:
        """Return the body of one RCS message with its fallback."""
        return conversation.rcs(credential, to, text, reference)

    def sender(self, credential: SinchRcsCredential, sender: str, channel: str) -> Dialogue:
        """Return the conversation that reads by which RCS sender the app sends."""
        return sinch_sender.ask(credential, sender)


def _check_message(to: str, text: str, *, sender: str) -> list[Issue]:
    issues = check_recipient(to) + check_text(text, most=MAX_TEXT)
    if sender and tidy_number(to) == sender:
        issues.append(Issue("to", _("This is the sender itself. Use another handset.")))
    return issues


def _token_issues(draft: Draft) -> Iterator[Issue]:
    token = text_of(draft.get("api_token"))
    if not token:
        if is_empty(draft.get("key_id")) and is_empty(draft.get("key_secret")):
            said = _("API Token is missing. Key ID and Key secret can take its place.")
            yield Issue("api_token", said)
        return
    if is_pair(token):
        key_id, _colon, secret = token.partition(":")
        encoded = encoded_pair(key_id, SecretStr(secret))
        yield Issue(
            "api_token",
            _("This is id:secret as it stands; Adobe's form wants it in Base64."),
            offer=Offer(_("Write it in Base64"), {"api_token": encoded}),
        )
        return
    pair = key_pair(token)
    if pair is None:
        yield Issue(
            "api_token",
            _(
                "This is not the Base64 of a key id and its secret. Type both under Advanced "
                "instead, and leave this empty."
            ),
        )
    elif not is_uuid(pair[0]):
        yield Issue(
            "api_token",
            _("The key id in it is no UUID, as those of Sinch's access keys are."),
            Severity.WARNING,
        )


def _key_issues(draft: Draft) -> Iterator[Issue]:
    key_id, secret = text_of(draft.get("key_id")), draft.get("key_secret")
    if not key_id and is_empty(secret):
        return
    if not key_id:
        yield Issue("key_id", _("Key ID is missing; its secret is there."))
    elif is_empty(secret):
        yield Issue("key_secret", _("Key secret is missing; its ID is there."))
    else:
        encoded = encoded_pair(key_id, SecretStr(text_of(secret))).get_secret_value()
        token = text_of(draft.get("api_token"))
        if token and token != encoded:
            said = _("The API Token is another key's. This one is used.")
            yield Issue("key_id", said, Severity.WARNING)
