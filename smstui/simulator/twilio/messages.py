"""A message and its life: every status is computed from the time that has passed since it began.

Status order: Twilio docs, "Message status values" and "Track outbound message status".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from smstui.messaging.parts import count_parts
from smstui.simulator.core import Callback
from smstui.simulator.twilio.endings import Ending
from smstui.simulator.twilio.signature import HEADER, sign

API_VERSION = "2010-04-01"
PRICE_PER_SEGMENT = 0.0083

SERVICE_PICKS_AFTER = 0.3
"""Seconds until a Messaging Service has chosen a sender and the message is ``queued``."""

_AFTER = {
    "accepted": 0.0,
    "queued": 0.0,
    "sending": 0.5,
    "sent": 1.2,
    "failed": 1.0,
    "delivered": 2.5,
    "undelivered": 2.5,
    "read": 5.0,
}
"""Seconds after the request at which a status is reached."""

_LEADS_TO = {
    "sent": ("sending", "sent"),
    "failed": ("failed",),
    "undelivered": ("sending", "sent", "undelivered"),
    "delivered": ("sending", "sent", "delivered"),
    "read": ("sending", "sent", "delivered", "read"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A status and the moment from which it holds."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was accepted; what changes with time is computed by `record`.

    Attributes:
        sender: the number, sender id or channel address that carries it in the end.
        channel_sender_sid: the XE SID when it travels by RCS, else empty.
        callback: where status changes are posted, else empty.
    """

    sid: str
    account_sid: str
    service_sid: str | None
    to: str
    sender: str
    body: str
    num_media: int
    created: datetime
    ending: Ending
    channel_sender_sid: str = ""
    callback: str = ""

    @property
    def steps(self) -> list[Step]:
        """Its statuses with their moments, first to last."""
        statuses = ("queued", *_LEADS_TO[self.ending.status])
        after = dict(_AFTER)
        if self.service_sid:
            statuses = ("accepted", *statuses)
            after["queued"] = SERVICE_PICKS_AFTER
        return [Step(self.created + timedelta(seconds=after[s]), s) for s in statuses]

    def step_at(self, now: datetime) -> Step:
        """Return the step that holds at a moment."""
        reached = [step for step in self.steps if step.at <= now]
        return reached[-1] if reached else self.steps[0]

    def sent_at(self, now: datetime) -> datetime | None:
        """Return when it left Twilio, or None when it has not by now."""
        return next((s.at for s in self.steps if s.status == "sent" and s.at <= now), None)

    def redacted(self) -> Message:
        """Return it without its text."""
        return replace(self, body="")

    def record(self, now: datetime) -> dict[str, Any]:
        """Return the Message resource as the API shows it at a moment."""
        step = self.step_at(now)
        picked = step.status != "accepted"
        segments = max(count_parts(self.body).parts, 1) if picked else 0
        sent = self.sent_at(now)
        bad = step.status in {"failed", "undelivered"}
        uri = f"/{API_VERSION}/Accounts/{self.account_sid}/Messages/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": rfc2822(self.created),
            "date_sent": rfc2822(sent) if sent else None,
            "date_updated": rfc2822(step.at),
            "direction": "outbound-api",
            "error_code": self.ending.code if bad else None,
            "error_message": self.ending.message if bad else None,
            "from": self.sender if picked else None,
            "messaging_service_sid": self.service_sid,
            "num_media": str(self.num_media),
            "num_segments": str(segments),
            "price": f"{-PRICE_PER_SEGMENT * segments:.5f}" if sent else None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": step.status,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to,
            "uri": f"{uri}.json",
        }

    def callbacks(self, auth_token: str) -> list[Callback]:
        """Return the status callbacks: none for the first status, and none for ``sending``."""
        if not self.callback:
            return []
        return [
            self._callback(step, auth_token) for step in self.steps[1:] if step.status != "sending"
        ]

    def _callback(self, step: Step, auth_token: str) -> Callback:
        parameters = self._callback_parameters(step)
        url = self.callback.partition("#")[0]
        return Callback(
            due=step.at,
            url=url,
            body=urlencode(parameters).encode("ascii"),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
                "User-Agent": "TwilioProxy/1.1",
                "I-Twilio-Idempotency-Token": f"{self.sid}-{step.status}",
                HEADER: sign(auth_token, url, parameters.items()),
            },
        )

    def _callback_parameters(self, step: Step) -> dict[str, str]:
        parameters = {
            "MessageSid": self.sid,
            "SmsSid": self.sid,
            "MessageStatus": step.status,
            "SmsStatus": step.status,
            "AccountSid": self.account_sid,
            "From": self.sender,
            "To": self.to,
            "ApiVersion": API_VERSION,
        }
        if self.service_sid:
            parameters["MessagingServiceSid"] = self.service_sid
        bad = step.status in {"failed", "undelivered"}
        if bad and self.ending.code is not None:
            parameters["ErrorCode"] = str(self.ending.code)
        if not self.channel_sender_sid:
            if step.status in {"delivered", "undelivered"}:
                parameters["RawDlrDoneDate"] = f"{step.at:%y%m%d%H%M}"
            return parameters
        parameters["ChannelInstallSid"] = self.channel_sender_sid
        parameters["ChannelPrefix"] = self.sender.partition(":")[0]
        if step.status in {"read", "delivered", "undelivered"}:
            parameters["EventType"] = step.status.upper()
        if bad and self.ending.message:
            parameters["ChannelStatusMessage"] = self.ending.message
        return parameters


def rfc2822(moment: datetime) -> str:
    """Return a moment as the classic API writes it: ``Mon, 02 Nov 2026 08:15:00 +0000``."""
    return format_datetime(moment.replace(microsecond=0))
