"""Sinch's Conversation API: its conversations, and how its answers are read.

Wire format: Sinch's reference of the Conversation API, apps and messages. Refusals are
``{"error": {"code", "message", "status", "details"}}``. The API tells the delivery of a message to
webhooks alone; asking for the message finds it only if the app keeps it, and then tells no state.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.messaging.numbers import tidy_number
from smstui.providers.answers import (
    failed_by_hint,
    failed_by_status,
    in_doubt,
    status_hint,
    text_in,
    together,
    unreadable,
)
from smstui.providers.base import Dialogue, Outcome, Request, Response, Result
from smstui.providers.extraction import members
from smstui.providers.sinch_errors import REASON_HINTS, STATUS_HINTS
from smstui.providers.sinch_hosts import CONVERSATION_REGIONS
from smstui.providers.sinch_models import (
    ConversationCredential,
    SinchMmsCredential,
    SinchRcsCredential,
)
from smstui.providers.sinch_regions import search, wrong_region
from smstui.secret_forms import is_secret_name
from smstui.text import clean, shorten_middle

SUBJECT = "smstui"
"""Subject of a test MMS: the title of its card."""

_LATER_TOLD = N_("Sinch tells the delivery to the app's webhooks alone, so it is not seen here.")


def try_app(credential: ConversationCredential) -> Dialogue:
    """Read the app, which proves login, project, region, channels; after a 404 look elsewhere."""
    response = yield app_request(credential)
    if response.status != 404 or credential.api_host:
        return read_app(response, credential)
    others = [region for region in CONVERSATION_REGIONS if region != credential.region]
    result = yield from search(
        others,
        lambda region: app_request(credential, region),
        lambda answer: _is_app(answer, credential),
    )
    if result.found:
        return wrong_region(
            _("the app is in {region}, not in {chosen}").format(
                region=result.found, chosen=credential.region
            ),
            _("Login and ids are right, but the app lives in another region."),
            result.found,
        )
    refused = read_error(response, credential)
    cause = _("The app is not in this project in region {region}.").format(region=credential.region)
    return dataclasses.replace(
        refused,
        cause=f"{cause} {result.told()}",
        next_step=_("Copy Project ID and App ID again from the Sinch dashboard."),
    )


def send(credential: ConversationCredential, body: dict[str, Any], *, look_up: str) -> Dialogue:
    """Send one message; ``look_up`` says where to look when in doubt."""
    response = yield Request.json(credential.url("/messages:send"), body, credential.login())
    return read_created(response, credential, look_up=look_up)


def ask_message(credential: ConversationCredential, message_id: str) -> Dialogue:
    """Read what the app kept of a message: as a rule nothing, and never its state."""
    path = f"/messages/{quote(message_id, safe='')}?messages_source=DISPATCH_SOURCE"
    response = yield Request.get(credential.url(path), credential.login())
    return read_message(response, credential, message_id)


def mms(credential: SinchMmsCredential, to: str, text: str, reference: str) -> dict[str, Any]:
    """Return the body of an MMS: a card, whose title is the subject, with text and picture."""
    card = {
        "title": SUBJECT,
        "description": text,
        "media_message": {"url": credential.test_media},
    }
    properties = {"MMS_SENDER": credential.sender_number}
    return _message(credential, to, {"card_message": card}, properties, reference)


def rcs(credential: SinchRcsCredential, to: str, text: str, reference: str) -> dict[str, Any]:
    """Return the body of an RCS message that falls back to SMS."""
    sender = credential.sender_number.removeprefix("+")
    properties = {"SMS_SENDER": sender} if sender else {}
    return _message(credential, to, {"text_message": {"text": text}}, properties, reference)


def read_error(response: Response, credential: ConversationCredential) -> Outcome:
    """Return the failed outcome of an error answer."""
    error = response.record().get("error")
    record = error if isinstance(error, dict) else {}
    raw = text_in(record.get("message"))
    code = _reason(record) or text_in(record.get("status"))
    if response.status == 401:
        return _login_refused(response, credential, code, raw)
    hint = REASON_HINTS.get(code) or STATUS_HINTS.get(response.status)
    if hint is None and not code:
        return failed_by_status(response, raw=raw) if raw else unreadable(response)
    hint = hint or status_hint(response.status)
    outcome = failed_by_hint(hint, response, code=code or f"HTTP {response.status}", raw=raw)
    return dataclasses.replace(outcome, code=code)


def read_app(response: Response, credential: ConversationCredential) -> Outcome:
    """Return what the app's own record says: whether its channels carry what they must."""
    if response.status != 200:
        return read_error(response, credential)
    if not _is_app(response, credential):
        return unreadable(response)
    record = response.record()
    name = shorten_middle(text_in(record.get("display_name")) or "–", 40)
    login = Outcome(
        result=Result.PASSED,
        word=_("key accepted"),
        summary=_("app {name}").format(name=name),
    )
    channels = [_judge_channel(record, credential, channel) for channel in credential.channels]
    return together(login, *channels)


def as_fallback(plan: Outcome, credential: SinchRcsCredential) -> Outcome:
    """Return what the plan of the fallback came to, in the words of an RCS credential."""
    if plan.field == "region":
        return dataclasses.replace(
            plan,
            cause=_("Id and token of the SMS plan are right, but app and plan are in two regions."),
            next_step=_("Use a plan of region {region}; the two must be in the same one.").format(
                region=credential.region
            ),
            field="service_plan_id",
        )
    if plan.result is Result.FAILED:
        return dataclasses.replace(
            plan, summary=_("fallback to SMS: {summary}").format(summary=plan.summary)
        )
    return plan


def read_created(
    response: Response, credential: ConversationCredential, *, look_up: str
) -> Outcome:
    """Return whether a message was accepted."""
    message_id = response.record().get("message_id")
    if response.status == 200 and isinstance(message_id, str) and message_id.strip():
        return Outcome(
            result=Result.PASSED,
            word=_("accepted"),
            summary=_("message {id}, accepted").format(id=shorten_middle(clean(message_id), 12)),
            cause=_(_LATER_TOLD),
            next_step=_("Look at the handset."),
            message_id=message_id,
        )
    outcome = unreadable(response) if response.status < 300 else read_error(response, credential)
    return in_doubt(outcome, response, look_up=look_up)


def read_message(
    response: Response, credential: ConversationCredential, message_id: str
) -> Outcome:
    """Return what is known of a message: at best its channel, never that it was delivered."""
    outcome = Outcome(
        result=Result.SKIPPED,
        word=_("accepted"),
        summary=_("not known: Sinch keeps nothing of it, and tells webhooks alone"),
        cause=_(_LATER_TOLD),
        next_step=_("Look at the handset."),
        message_id=message_id,
    )
    if response.status == 404:
        return outcome
    if response.status != 200:
        return read_error(response, credential)
    if response.record().get("id") != message_id:
        broken = unreadable(response)
        return dataclasses.replace(broken, result=Result.PENDING, word=_("accepted"))
    identity = response.record().get("channel_identity")
    channel = text_in(identity.get("channel")) if isinstance(identity, dict) else ""
    if not channel:
        return dataclasses.replace(
            outcome, summary=_("not known: Sinch tells delivery to webhooks alone")
        )
    return dataclasses.replace(
        outcome,
        summary=_("sent as {channel}; Sinch tells delivery to webhooks alone").format(
            channel=channel
        ),
        channel=channel,
    )


def _message(
    credential: ConversationCredential,
    to: str,
    content: dict[str, Any],
    properties: dict[str, str],
    reference: str,
) -> dict[str, Any]:
    number = tidy_number(to)
    identities = [{"channel": channel, "identity": number} for channel in credential.channels]
    body: dict[str, Any] = {
        "app_id": credential.app_id,
        "recipient": {"identified_by": {"channel_identities": identities}},
        "message": content,
        "channel_priority_order": list(credential.channels),
    }
    if properties:
        body["channel_properties"] = properties
    return body | {
        "processing_strategy": "DISPATCH_ONLY",
        "message_metadata": reference,
        "correlation_id": reference,
    }


def app_request(credential: ConversationCredential, region: str = "") -> Request:
    """Return the request for the app's own record, in its region or in another one."""
    request = Request.get(credential.url(f"/apps/{credential.app_id}", region), credential.login())
    return dataclasses.replace(request, secrets_in=secrets_of_app)


def secrets_of_app(response: Response) -> Iterator[SecretStr]:
    """Yield the secrets of an app's channels and callbacks."""
    for key, value in members(response.document()):
        if isinstance(value, str) and value and (is_secret_name(key) or "secret" in key.lower()):
            yield SecretStr(value)


def channel_identity(record: dict[str, Any], channel: str) -> str:
    """Return as whom an app's record has it send on a channel; empty when it does not tell."""
    entry = _channel_entry(record, channel) or {}
    return text_in(_dict(entry.get("static_bearer")).get("claimed_identity"))


def _is_app(response: Response, credential: ConversationCredential) -> bool:
    return response.status == 200 and response.record().get("id") == credential.app_id


def _judge_channel(
    record: dict[str, Any], credential: ConversationCredential, channel: str
) -> Outcome:
    """Return whether the app can carry messages on a channel; a fallback is judged milder."""
    entry = _channel_entry(record, channel)
    if entry is None:
        return Outcome(
            result=Result.FAILED,
            word=_("channel missing"),
            summary=_("no {channel} channel").format(channel=channel),
            cause=_("The app has no {channel} channel, so Sinch refuses the message.").format(
                channel=channel
            ),
            next_step=_("Set up {channel} for the app in the Sinch dashboard.").format(
                channel=channel
            ),
            field="app_id",
        )
    state = _state(entry)
    summary = f"{channel} {state.lower()}"
    if state == "ACTIVE":
        return _judge_bearer(entry, credential, channel, summary)
    is_fallback = channel != credential.channels[0]
    if state == "FAILING":
        return Outcome(
            result=Result.WARNED if is_fallback else Result.FAILED,
            word=_("channel failing"),
            summary=summary,
            cause=_("The app's {channel} channel is set up, and fails.").format(channel=channel),
            next_step=_("Check the channel's own credentials in the Sinch dashboard."),
            field="app_id",
            code=state,
            raw=text_in(_dict(entry.get("state")).get("description")),
        )
    return Outcome(
        result=Result.WARNED,
        word=_("channel pending") if state == "PENDING" else _("channel unclear"),
        summary=summary,
        cause=_("The app's {channel} channel is not active yet.").format(channel=channel),
        next_step=_("Wait until the Sinch dashboard shows it as active."),
        field="app_id",
        code=state,
    )


def _judge_bearer(
    entry: dict[str, Any], credential: ConversationCredential, channel: str, summary: str
) -> Outcome:
    """Return the outcome of an active channel: for SMS, whether it uses this credential's plan."""
    plan = text_in(_dict(entry.get("static_bearer")).get("claimed_identity"))
    if (
        channel == "SMS"
        and isinstance(credential, SinchRcsCredential)
        and plan
        and plan != credential.service_plan_id
    ):
        return Outcome(
            result=Result.WARNED,
            word=_("another plan"),
            summary=_("SMS by plan {plan}").format(plan=shorten_middle(plan, 12)),
            cause=_("The app sends its SMS by another plan than the one given here."),
            next_step=_("Compare Service Plan ID with the app's SMS channel."),
            field="service_plan_id",
        )
    return Outcome(result=Result.PASSED, word="", summary=summary)


def _channel_entry(record: dict[str, Any], channel: str) -> dict[str, Any] | None:
    """Return the app's credentials of a channel, active ones first; None when it has none."""
    entries = record.get("channel_credentials")
    found = [
        entry
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and entry.get("channel") == channel
    ]
    found.sort(key=lambda entry: _state(entry) != "ACTIVE")
    return found[0] if found else None


def _state(entry: dict[str, Any]) -> str:
    """Return the state of a channel; Sinch says ACTIVE also of what it cannot check."""
    return text_in(_dict(entry.get("state")).get("status")) or "ACTIVE"


def _login_refused(
    response: Response, credential: ConversationCredential, code: str, raw: str
) -> Outcome:
    return dataclasses.replace(
        failed_by_status(response, raw=raw),
        word=_("key refused"),
        cause=_("Key id and key secret do not belong together, or the access key was deleted."),
        next_step=_("Make a new access key in the Sinch dashboard; its secret is shown once."),
        field="key_secret" if credential.key_id else "api_token",
        code=code,
    )


def _reason(error: dict[str, Any]) -> str:
    """Return a known reason that the text or the details of a refusal name; empty for none."""
    told = text_in(error.get("message")) + json.dumps(error.get("details"), default=str)
    return next((w for w in re.findall(r"[A-Z]+(?:_[A-Z]+)+", told) if w in REASON_HINTS), "")


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
