"""Infobip's webhooks: reports and replies of SMS, MMS and RCS, always in a list ``results``.

Wire format: Infobip's OpenAPI files and its pages on webhooks. What an entry is, its members tell.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import FieldSpec
from smstui.providers.infobip_answers import state_outcome
from smstui.webhooks.base import Call, HandOver, Reading, Webhook, WebhookType, WebhookVendor
from smstui.webhooks.vendors.caller_fields import Way, caller_fields
from smstui.webhooks.vendors.callers import caller_settings, check_caller, proof, way_of
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

_EVENTS = {
    "TYPING_INDICATOR": N_("typing"),
    "CONVERSATION_STARTED": N_("conversation started"),
    "RCS_SENDER_STATUS_UPDATE": N_("sender status"),
    "RCS_SENDER_LAUNCH_STATUS_UPDATE": N_("sender launch"),
    "RCS_TEST_NUMBER_STATUS_UPDATE": N_("test number"),
}
_OF_EVENTS = (
    "senderName",
    "senderStatus",
    "testNumber",
    "testNumberStatus",
    "postbackData",
    "interactionType",
)
"""Members of events that are worth seeing."""


class InfobipWebhooks(WebhookVendor):
    """Webhooks that Infobip calls; Adobe wants one for replies and one for reports."""

    vendor = "Infobip"
    types = (WebhookType.INBOUND, WebhookType.FEEDBACK)
    credential_vendors = ("Infobip", "Custom")  # RCS goes out as Custom.

    def own_fields(self) -> Mapping[str, FieldSpec]:
        return caller_fields(
            Way.NONE,
            Way.BASIC,
            Way.HEADER,
            Way.HMAC,
            remark=N_(
                "Not Adobe's. Take Basic or a header: how Infobip writes an HMAC is unknown."
            ),
            hmac_header="",
        )

    def authenticate(self, webhook: Webhook, call: Call) -> None:
        check_caller(webhook, call, way_of(webhook, Way.NONE))

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        body = parse_object(call)
        if "results" in body:
            return [_entry(entry, call.received) for entry in body.parts("results")]
        if "event" in body:
            return [_entry(body, call.received)]
        if "results" in body.value:
            return []
        raise misread(_("{path} is missing.").format(path="results"))

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        own = (webhook.text("sender_phone_number") or "+385990000099").removeprefix("+")
        some_id = f"{int(now.timestamp() * 1000):019d}"
        at = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
        document: dict[str, Any]
        if type is WebhookType.FEEDBACK:
            entry: dict[str, Any] = {
                "bulkId": some_id,
                "messageId": f"smstui-{some_id}",
                "to": "385990000001",
                "sender": own,
                "sentAt": at,
                "doneAt": at,
                "messageCount": 1,
                "status": {
                    "groupId": 3,
                    "groupName": "DELIVERED",
                    "id": 5,
                    "name": "DELIVERED_TO_HANDSET",
                    "description": "Message delivered to handset",
                },
                "error": {
                    "groupId": 0,
                    "groupName": "OK",
                    "id": 0,
                    "name": "NO_ERROR",
                    "description": "No Error",
                    "permanent": False,
                },
                "callbackData": "smstui-sample",
            }
            document = {"results": [entry]}
        else:
            entry = {
                "messageId": some_id,
                "from": "385990000001",
                "to": own,
                "text": "STOP",
                "cleanText": "",
                "keyword": "STOP",
                "receivedAt": at,
                "smsCount": 1,
            }
            document = {"results": [entry], "messageCount": 1, "pendingMessageCount": 0}
        body = json.dumps(document, separators=(",", ":")).encode()
        headers = proof(webhook, body, way_of(webhook, Way.NONE), now)
        return Call("POST", url, (("Content-Type", "application/json"), *headers), body, now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        way = way_of(webhook, Way.NONE)
        settings = [(_("Webhook URL"), url)]
        steps = [
            _("In the Infobip portal, open Subscriptions Management, and add a subscription."),
        ]
        if webhook.type is WebhookType.FEEDBACK:
            steps += [
                _("Choose the channel and the event DELIVERY; for RCS also SEEN."),
                _("Paste the URL as the notify URL of its profile, at most 512 characters."),
                _("A message that names a URL of its own (webhooks.delivery.url) reports there."),
            ]
            settings.append((_("Events"), "DELIVERY, SEEN"))
        else:
            steps += [
                _("Choose the channel and the event INBOUND_MESSAGE; for RCS also SUGGESTION."),
                _("Paste the URL as the notify URL of its profile, at most 512 characters."),
                _(
                    "Or forward the number itself: Numbers, the number, Forwarding by HTTP, with "
                    "the format below. Such a setting wins over a subscription; Pull sends nothing."
                ),
            ]
            settings += [
                (_("Events"), "INBOUND_MESSAGE, SUGGESTION"),
                (_("Format"), "MO_JSON_2 (SMS), MO_RCS_JSON (RCS), MO_MMS_2 (MMS)"),
            ]
        if way is not Way.NONE:
            steps.append(_("In the profile's security, or its headers, enter what is told below."))
        steps.append(
            _("Send a message to a handset, and watch its report arrive.")
            if webhook.type is WebhookType.FEEDBACK
            else _("Text STOP to the number from a handset, and watch the event arrive.")
        )
        adobe = _(
            "Adobe, too, has two webhooks for Infobip, Inbound and Feedback, each with a URL of "
            "its own; it takes SMS of this vendor only, RCS as Custom."
        )
        return HandOver(steps, [*settings, *caller_settings(webhook, way)], adobe)


def _entry(entry: Part, received: datetime) -> Reading:
    if "status" in entry:
        return _report(entry)
    if "seenAt" in entry:
        return _seen(entry)
    if "message" in entry or "text" in entry or "cleanText" in entry:
        return _inbound(entry, received)
    return _event(entry)


def _report(entry: Part) -> Reading:
    status, error = entry.part("status"), entry.part("error")
    message_id = entry.text("messageId", needed=True)
    state = status.text("name") or status.text("groupName")
    if not state and "groupId" not in status:
        raise misread(_("{path} is missing.").format(path=status.path("name")))
    channel = entry.text("channel").upper()
    if not channel and ("conversation" in entry or "interactionType" in entry):
        channel = "RCS"
    pending = Outcome(
        result=Result.PENDING,
        word=_("accepted"),
        summary="",
        message_id=message_id,
        channel=channel,
    )
    outcome = state_outcome(pending, dict(entry.value))
    if outcome.result is Result.PASSED and not channel:
        outcome = dataclasses.replace(outcome, summary=outcome.word)
    failed_by = error.text("name") if error.text("id") not in ("", "0") else ""
    return feedback(
        outcome,
        state=state or status.text("groupId"),
        key=":".join(filter(None, (message_id, state or status.text("groupId"), channel))),
        sender=entry.text("sender") or entry.text("from"),
        recipient=entry.text("to"),
        reference=entry.text("callbackData"),
        code=failed_by,
        at=utc(entry.text("doneAt") or entry.text("sentAt")),
        parts=entry.text("messageCount") or entry.text("smsCount"),
        bulkId=entry.text("bulkId"),
    )


def _seen(entry: Part) -> Reading:
    message_id = entry.text("messageId", needed=True)
    outcome = Outcome(
        result=Result.PASSED,
        word=_("read"),
        summary=_("read"),
        message_id=message_id,
        channel=entry.text("channel").upper(),
    )
    return feedback(
        outcome,
        state="SEEN",
        key=f"{message_id}:SEEN",
        sender=entry.text("from") or entry.text("sender"),
        recipient=entry.text("to"),
        reference=entry.text("callbackData"),
        at=utc(entry.text("seenAt")),
    )


def _inbound(entry: Part, received: datetime) -> Reading:
    message = _message(entry)
    of_mms = isinstance(entry.value.get("message"), list)
    return inbound(
        text=entry.text("text") or entry.text("cleanText") or message["text"],
        sender=entry.text("from") or entry.text("sender", needed=True),
        recipient=entry.text("to"),
        request_id=entry.text("messageId", needed=True),
        at=moment(entry.text("receivedAt"), received),
        channel="MMS" if of_mms else "RCS" if "message" in entry else "SMS",
        reference=entry.text("callbackData"),
        inReplyTo=entry.text("pairedMessageId"),
        keyword=entry.text("keyword"),
        parts=entry.text("smsCount") or entry.text("messageCount"),
        **{name: value for name, value in message.items() if name != "text"},
    )


def _message(entry: Part) -> dict[str, Any]:
    """Return what a message holds: an object for RCS, a list of segments for MMS."""
    if isinstance(entry.value.get("message"), list):
        segments = entry.parts("message")
        texts = [part.text("value") or part.text("text") for part in segments]
        media = [part for part in segments if "url" in part]
        return {"text": " ".join(filter(None, texts)), "media": [_medium(part) for part in media]}
    message = entry.part("message")
    return {
        "text": message.text("text"),
        "content": message.text("type"),
        "buttonPayload": message.text("postbackData"),
        "latitude": message.text("latitude"),
        "longitude": message.text("longitude"),
        "media": [_medium(message)] if "url" in message else [],
    }


def _medium(part: Part) -> dict[str, str]:
    return {"url": part.text("url"), "contentType": part.text("contentType")}


def _event(entry: Part) -> Reading:
    event = entry.value.get("event")
    kind = entry.part("event").text("type") if isinstance(event, dict) else entry.text("event")
    if not kind and not any(name in entry for name in ("capabilityCheckResult", *_OF_EVENTS)):
        raise misread(
            _("{path} is neither a report, nor a reply, nor an event.").format(path=entry.place)
        )
    check = entry.part("capabilityCheckResult")
    word = _(_EVENTS.get(kind, "")) or in_words(kind) or _("event")
    about = entry.text("messageId")
    return other(
        _("capability") if check.value else word,
        key=f"{about}:{kind}" if about else "",
        sender=entry.text("from") or entry.text("sender") or check.text("phoneNumber"),
        recipient=entry.text("to"),
        event=kind,
        capability=check.text("code"),
        **{name: entry.text(name) for name in _OF_EVENTS},
    )
