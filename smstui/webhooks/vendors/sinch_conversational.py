"""Webhooks of Sinch's Conversation API: the kind of a call is told by the key at its top.

Wire format: Sinch's reference of the Conversation API, callbacks.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.answers import Hint
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import FieldSpec
from smstui.providers.sinch_errors import REASON_HINTS
from smstui.times import iso
from smstui.webhooks.base import Call, HandOver, Reading, Webhook, WebhookType, WebhookVendor
from smstui.webhooks.vendors.caller_fields import Way, caller_fields
from smstui.webhooks.vendors.callers import (
    caller_settings,
    check_caller,
    nonce_of,
    proof,
    way_of,
)
from smstui.webhooks.vendors.reading import (
    Part,
    feedback,
    in_words,
    inbound,
    misread,
    moment,
    other,
    parse_object,
    utc,
)

TRIGGERS = "MESSAGE_DELIVERY, MESSAGE_INBOUND, EVENT_INBOUND, OPT_IN, OPT_OUT, CAPABILITY"
"""What a webhook of an app is called for."""

_ENVELOPE = (
    "app_id",
    "project_id",
    "accepted_time",
    "event_time",
    "message_metadata",
    "correlation_id",
)
_PENDING = {
    "QUEUED_ON_CHANNEL": (N_("queued"), N_("waiting on the channel")),
    "SWITCHING_CHANNEL": (N_("switching"), N_("going on by another channel")),
}
"""States that are not final: a word, and what they mean."""

_PASSED = {"DELIVERED": N_("delivered"), "READ": N_("read")}


class SinchConversationalWebhooks(WebhookVendor):
    """Webhooks that an app of Sinch's Conversation API calls."""

    vendor = "Sinch Conversational"
    credential_vendors = ("Sinch MMS", "Sinch RCS")

    def own_fields(self) -> Mapping[str, FieldSpec]:
        return caller_fields(
            Way.SINCH,
            Way.NONE,
            remark=N_("Not Adobe's. Sinch signs only if its webhook has a secret."),
        )

    def authenticate(self, webhook: Webhook, call: Call) -> None:
        check_caller(webhook, call, way_of(webhook, Way.SINCH))

    def replay_key(self, webhook: Webhook, call: Call) -> str:
        return nonce_of(call, way_of(webhook, Way.SINCH))

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        body = parse_object(call)
        if "message_delivery_report" in body:
            return [_report(body)]
        if "message" in body:
            return [_message(body, call.received)]
        kinds = [name for name in body.value if name not in _ENVELOPE and name in body]
        if not kinds:
            raise misread(_("The body tells no event: message, message_delivery_report or other."))
        return [_other(body, kinds)]

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        some_id = f"01{int(now.timestamp() * 1000):024d}"
        identity = {"channel": "RCS", "identity": "12065550123", "app_id": ""}
        document: dict[str, Any] = {
            "project_id": "11111111-2222-4333-8444-555555555555",
            "app_id": "01JD0APPEXAMPLE0APPEXAMPL0",
            "accepted_time": iso(now),
            "event_time": iso(now),
        }
        if type is WebhookType.FEEDBACK:
            document["message_delivery_report"] = {
                "message_id": some_id,
                "status": "DELIVERED",
                "channel_identity": identity,
                "metadata": "smstui-sample",
                "processing_mode": "DISPATCH",
            }
        else:
            document["message"] = {
                "id": some_id,
                "direction": "TO_APP",
                "contact_message": {"text_message": {"text": "STOP"}},
                "channel_identity": identity,
                "sender_id": "",
                "accept_time": iso(now),
                "processing_mode": "DISPATCH",
            }
        body = json.dumps(document, separators=(",", ":")).encode()
        headers = proof(webhook, body, way_of(webhook, Way.SINCH), now)
        return Call("POST", url, (("Content-Type", "application/json"), *headers), body, now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        way = way_of(webhook, Way.SINCH)
        steps = (
            _("In the Sinch dashboard, open Conversation API, Apps, and the app."),
            _("Under Webhooks, add one; an app has five at most, each with its own URL."),
            _("Paste the URL as the target, target type HTTP, and choose the triggers below."),
            _("Enter the secret there, too: without one, Sinch signs nothing.")
            if way is Way.SINCH
            else _("Leave the secret empty; the URL alone protects this webhook."),
            _("Answer a message from a handset with STOP, and watch the event arrive."),
        )
        settings = [
            (_("Target"), url),
            (_("Target type"), "HTTP"),
            (_("Triggers"), TRIGGERS),
            *caller_settings(webhook, way),
        ]
        adobe = _(
            "Adobe's own webhook wants its URL as another webhook of the same app; both can stand "
            "side by side."
        )
        return HandOver(steps, settings, adobe)


def _report(body: Part) -> Reading:
    report = body.part("message_delivery_report")
    message_id, state = report.text("message_id", needed=True), report.text("status", needed=True)
    identity, reason = report.part("channel_identity"), report.part("reason")
    channel = identity.text("channel").upper()
    return feedback(
        _outcome(message_id, state.upper(), channel, reason),
        state=state,
        key=f"{message_id}:{state.upper()}" + (f":{channel}" if channel else ""),
        recipient=identity.text("identity"),
        reference=report.text("metadata")
        or body.text("message_metadata")
        or body.text("correlation_id"),
        code=reason.text("code"),
        reason=reason.text("description"),
        at=utc(body.text("event_time") or body.text("accepted_time")),
    )


def _outcome(message_id: str, state: str, channel: str, reason: Part) -> Outcome:
    """Return what a delivery report means; a read receipt may come without "delivered" before."""
    code = reason.text("code")
    outcome = Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary=state.lower(),
        message_id=message_id,
        channel=channel,
    )
    if state in _PASSED:
        word = _(_PASSED[state])
        summary = _("{state} by {channel}").format(state=word, channel=channel) if channel else word
        return dataclasses.replace(outcome, result=Result.PASSED, word=word, summary=summary)
    if state in _PENDING:
        word, summary = (_(text) for text in _PENDING[state])
        hint = REASON_HINTS.get(code)
        return dataclasses.replace(
            outcome, word=word, summary=summary, cause=_(hint.cause) if hint else "", code=code
        )
    if state != "FAILED":
        return outcome
    hint = REASON_HINTS.get(code) or Hint(
        N_("failed"), N_("Sinch gives no reason."), N_("Look at the app in the Sinch dashboard.")
    )
    failed = _("failed")
    return dataclasses.replace(
        outcome,
        result=Result.FAILED,
        word=_(hint.word),
        summary=f"{failed} ({code})" if code else failed,
        cause=_(hint.cause),
        next_step=_(hint.next_step),
        field=hint.field,
        code=code,
        raw=reason.text("description"),
    )


def _message(body: Part, received: datetime) -> Reading:
    message = body.part("message")
    content, identity = message.part("contact_message"), message.part("channel_identity")
    choice, place = content.part("choice_response_message"), content.part("location_message")
    coordinates = place.part("coordinates")
    postback = choice.text("postback_data")
    text = content.part("text_message").text("text") or _tapped(choice) or place.text("title")
    media = [
        {"url": part.text("url")}
        for part in (content.part("media_message"), content.part("media_card_message"))
        if "url" in part
    ]
    return inbound(
        text=text or content.part("media_card_message").text("caption"),
        sender=identity.text("identity", needed=True),
        recipient=message.text("sender_id"),
        request_id=message.text("id", needed=True),
        at=moment(message.text("accept_time") or body.text("accepted_time"), received),
        channel=identity.text("channel").upper(),
        reference=message.text("metadata") or body.text("message_metadata"),
        buttonPayload=postback,
        inReplyTo=choice.text("message_id") or content.part("reply_to").text("message_id"),
        media=media,
        latitude=coordinates.text("latitude"),
        longitude=coordinates.text("longitude"),
        content=next((in_words(name) for name in content.value if name.endswith("_message")), ""),
    )


def _tapped(choice: Part) -> str:
    """Return what a tapped button says: Sinch's own postback is ``{message id}_{text}``."""
    postback, message_id = choice.text("postback_data"), choice.text("message_id")
    return postback.removeprefix(f"{message_id}_") if message_id else postback


def _other(body: Part, kinds: list[str]) -> Reading:
    name = next(
        (kind for kind in kinds if kind == "event" or kind.endswith(("_notification", "_report"))),
        kinds[0],
    )
    if not isinstance(body.value[name], dict):
        return other(in_words(name))
    part = body.part(name)
    identity = part.part("channel_identity")
    state = part.text("status") or part.text("capability_status")
    about = part.text("id") or part.text("message_id")
    word = _event_word(part) if name == "event" else in_words(name.removesuffix("_notification"))
    return other(
        word,
        key=f"{about}:{in_words(name)}:{state}" if about else "",
        sender=identity.text("identity") or part.text("identity"),
        message_id=part.text("message_id"),
        state=state,
        channel=(identity.text("channel") or part.text("channel")).upper(),
        at=utc(body.text("event_time") or body.text("accepted_time")),
    )


def _event_word(event: Part) -> str:
    contact = event.part("contact_event")
    if "composing_event" in contact:
        return _("typing")
    names = [name for name in contact.value if name.endswith("_event")]
    return in_words(names[0].removesuffix("_event")) if names else _("event")
