"""Infobip: the credential as on Adobe's screen, and the SMS API, version 3.

Fields and labels follow Adobe Journey Optimizer; the sender of test messages is smstui's own, under
Advanced. Wire format: Infobip's OpenAPI file of the SMS API. Reports and inbox are never asked for:
those calls hand out each record once, and whoever asks takes it from Journey Optimizer. How answers
are read is in `smstui.providers.infobip_answers`.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.messaging.numbers import tidy_number
from smstui.messaging.parts import count_parts
from smstui.providers import infobip_answers as answers
from smstui.providers import infobip_paste, infobip_sender
from smstui.providers.answers import together
from smstui.providers.base import Credential, Dialogue, Outcome, Provider, Request, Result
from smstui.providers.dataset_fields import DatasetField, UseCustomDatasetField
from smstui.providers.fields import (
    GROUP_ADVANCED,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Offer,
    Severity,
    is_empty,
    text_of,
)
from smstui.providers.hosts import base_url, tidy_host
from smstui.providers.infobip_fields import (
    check_base_url,
    check_dlt_id,
    check_key,
    check_sms_sender,
    tidy_msisdn,
)
from smstui.providers.phone import check_recipient, check_sender, check_text, phone_note
from smstui.providers.tokens import tidy_token

MAX_PARTS = 25
"""Parts of a text (REJECTED_MESSAGE_TOO_LONG)."""

MAX_BYTES = 4000
"""Bytes of a text (REJECTED_MESSAGE_TOO_LONG)."""

LONGEST_VALIDITY = 48
"""Hours; Infobip silently takes 48 for more."""

INDIA = "+91"


class InfobipCredential(Credential):
    """The fields of Adobe's Infobip form, in its order, and smstui's own under Advanced."""

    api_base_url: Annotated[
        str,
        FieldSpec(
            label=N_("API base URL"),
            help=N_("Your account's own host, on the home page of the Infobip portal."),
            placeholder="abc123.api.infobip.com",
            required=True,
            tidy=tidy_host,
            check=check_base_url,
            is_address=True,
            summary=True,
        ),
    ]
    api_key: Annotated[
        SecretStr,
        FieldSpec(
            label=N_("API key"),
            kind=Kind.SECRET,
            help=N_("From the API keys of the portal, without the word App before it."),
            required=True,
            account="api_base_url",
            tidy=tidy_token,
            check=check_key,
        ),
    ]
    principal_entity_id: Annotated[
        str,
        FieldSpec(
            label=N_("Principal Entity ID"),
            help=N_("For India only: your number in the DLT register."),
            placeholder="1100000000000000001",
            check=check_dlt_id,
        ),
    ] = ""
    content_template_id: Annotated[
        str,
        FieldSpec(
            label=N_("Content Template ID"),
            help=N_("For India only: the number of the approved text in the DLT register."),
            placeholder="1100000000000000002",
            check=check_dlt_id,
        ),
    ] = ""
    validity_period: Annotated[
        int,
        FieldSpec(
            label=N_("Validity Period"),
            kind=Kind.NUMBER,
            help=N_("Hours that Infobip keeps trying; the most that counts is 48."),
            minimum=1,
            default=LONGEST_VALIDITY,
        ),
    ] = LONGEST_VALIDITY
    callback_data: Annotated[
        str,
        FieldSpec(
            label=N_("Callback Data"),
            help=N_("A text of yours that comes back with each delivery report."),
            max_length=4000,
        ),
    ] = ""
    inbound_number: Annotated[
        str,
        FieldSpec(
            label=N_("Inbound Number"),
            help=N_("The number replies come to; test messages go out from it, too."),
            placeholder="+385990000099",
            tidy=tidy_msisdn,
            check=check_sender,
            note=phone_note,
            summary=True,
        ),
    ] = ""
    fuzzy_opt_out: Annotated[
        bool,
        FieldSpec(
            label=N_("Fuzzy Opt-out"),
            kind=Kind.SWITCH,
            help=N_("Catches near misses of opt-out words. Newer set-ups have it in the webhook."),
            default=False,
        ),
    ] = False
    fuzzy_auto_reply: Annotated[
        str,
        FieldSpec(
            label=N_("Fuzzy Auto Reply"),
            help=N_("What is answered to a near miss."),
            shown_when=lambda draft: draft.get("fuzzy_opt_out") is True,
        ),
    ] = ""
    use_custom_dataset_for_inbound: UseCustomDatasetField = False
    dataset: DatasetField = ""
    sender_number: Annotated[
        str,
        FieldSpec(
            label=N_("Sender number"),
            help=N_("Not Adobe's: the sender of test messages, a number or a name of 3 to 11."),
            placeholder="DemoBrand",
            group=GROUP_ADVANCED,
            tidy=tidy_msisdn,
            check=check_sms_sender,
            note=phone_note,
        ),
    ] = ""

    @property
    def sender(self) -> str:
        """What test messages come from, as Infobip writes it, without ``+``; empty for nothing."""
        return (self.sender_number or self.inbound_number).removeprefix("+")

    def url(self, path: str) -> str:
        """Return the URL of a call: ``/sms/3/messages``."""
        return base_url(self.api_base_url) + path

    def login(self) -> tuple[str, str]:
        """Return the Authorization header; the scheme is Infobip's own, and no Bearer."""
        return ("Authorization", f"App {self.api_key.get_secret_value()}")


def new_message_id() -> str:
    """Return an id for one message, unlike any other: Infobip refuses one that was used before."""
    return f"smstui-{uuid.uuid4()}"


class InfobipProvider(Provider[InfobipCredential]):
    """Infobip's SMS API."""

    vendor = "Infobip"
    model = InfobipCredential
    look_up = N_(
        "In the logs of the Infobip portal, by the recipient's number or the messageId in Request."
    )

    def __init__(self, new_message_id: Callable[[], str] = new_message_id) -> None:
        """Begin.

        Args:
            new_message_id: makes the id of each message, at most 200 characters.
        """
        self._new_message_id = new_message_id

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with the DLT pair, the validity and the sender."""
        no_entity, no_template = (
            is_empty(draft.get(name)) for name in ("principal_entity_id", "content_template_id")
        )
        if no_entity and not no_template:
            said = _("Content Template ID is of no use without it: Infobip wants both.")
            yield Issue("principal_entity_id", said)
        elif no_template and not no_entity:
            said = _("Operators in India look for it beside the Principal Entity ID.")
            yield Issue("content_template_id", said, Severity.WARNING)
        hours = text_of(draft.get("validity_period"))
        if hours.isdecimal() and (len(hours) > 9 or int(hours) > LONGEST_VALIDITY):
            said = _("These are hours. Infobip silently takes 48 for more.")
            yield Issue("validity_period", said, Severity.WARNING)
        if is_empty(draft.get("inbound_number")) and is_empty(draft.get("sender_number")):
            said = _("Nothing to send from: fill in this number, or Sender number under Advanced.")
            yield Issue("inbound_number", said, Severity.WARNING)

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a bare API key or a curl command to Infobip would fill in."""
        return infobip_paste.recognise(pasted, self.model.specs())

    def host(self, credential: InfobipCredential) -> str:
        """Return the host of the API base URL, with its port when it has one."""
        return credential.api_base_url

    def check_message(self, credential: InfobipCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient, text, sender and DLT ids."""
        issues = check_recipient(to) + _check_length(text)
        if credential.sender and tidy_number(to).removeprefix("+") == credential.sender:
            issues.append(Issue("to", _("This is the sender itself. Use another handset.")))
        if not credential.sender:
            said = _("The message names no sender, and Infobip may refuse it.")
            issues.append(Issue("inbound_number", said, Severity.WARNING))
        if credential.principal_entity_id and not tidy_number(to).startswith(INDIA):
            said = _("The DLT ids are for numbers in India; they go along all the same.")
            issues.append(Issue("principal_entity_id", said, Severity.WARNING))
        return issues

    def probe(self, credential: InfobipCredential, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that reads one log, and the balance when the key may."""
        response = yield Request.get(credential.url("/sms/3/logs?limit=1"), credential.login())
        key = answers.read_logs(response)
        if key.result is not Result.PASSED:
            return key
        question = Request.get(credential.url("/account/1/balance"), credential.login())
        balance = answers.read_balance((yield dataclasses.replace(question, optional=True)))
        return together(key, balance) if balance is not None else key

    def message(self, credential: InfobipCredential, to: str, text: str) -> Dialogue:
        """Return the conversation that sends one message, under an id of our own."""
        message_id = self._new_message_id()
        response = yield Request.json(
            credential.url("/sms/3/messages"),
            {"messages": [_message(credential, to, text, message_id)]},
            credential.login(),
        )
        outcome = answers.read_created(response, message_id, look_up=_(self.look_up))
        return _in_form(outcome, credential)

    def status(self, credential: InfobipCredential, message_id: str) -> Dialogue:
        """Return the conversation that looks a message up in the logs, which go back 48 hours."""
        query = urlencode({"messageId": message_id})
        response = yield Request.get(credential.url(f"/sms/3/logs?{query}"), credential.login())
        return _in_form(answers.read_state(response, message_id), credential)

    def sender(self, credential: InfobipCredential, sender: str, channel: str) -> Dialogue | None:
        """Return the conversation that looks a number up among those of the account."""
        return infobip_sender.ask(credential, sender, channel)


def _message(credential: InfobipCredential, to: str, text: str, message_id: str) -> dict[str, Any]:
    number = tidy_number(to).removeprefix("+")
    message: dict[str, Any] = {"sender": credential.sender} if credential.sender else {}
    message["destinations"] = [{"to": number, "messageId": message_id}]
    message["content"] = {"text": text}
    # Without a unit these would be minutes.
    options: dict[str, Any] = {
        "validityPeriod": {"amount": credential.validity_period, "timeUnit": "HOURS"}
    }
    if credential.principal_entity_id:
        dlt = {"principalEntityId": credential.principal_entity_id}
        if credential.content_template_id:
            dlt["contentTemplateId"] = credential.content_template_id
        options["regional"] = {"indiaDlt": dlt}
    message["options"] = options
    if credential.callback_data:
        message["webhooks"] = {"callbackData": credential.callback_data}
    return message


def _check_length(text: str) -> list[Issue]:
    issues = check_text(text, most=MAX_BYTES)
    if issues:
        return issues
    parts, size = count_parts(text).parts, len(text.encode())
    if parts > MAX_PARTS:
        said = _("At most {most} parts; this has {count}.").format(most=MAX_PARTS, count=parts)
        return [Issue("text", said)]
    if size > MAX_BYTES:
        said = _("At most {most} bytes; this has {count}.").format(most=MAX_BYTES, count=size)
        return [Issue("text", said)]
    return []


def _in_form(outcome: Outcome, credential: InfobipCredential) -> Outcome:
    """Return an outcome whose fault lies with the sender, at the field that the sender is from."""
    if outcome.field != "sender_number" or credential.sender_number:
        return outcome
    return dataclasses.replace(outcome, field="inbound_number")
