"""A message of the Conversation API and its life, computed from the time that has passed.

Statuses and reasons: Sinch's page on the Conversation API's callbacks, MESSAGE_DELIVERY.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.core import Callback
from smstui.simulator.sinch.accounts import App
from smstui.simulator.sinch.signature import callback
from smstui.simulator.tricks import tail
from smstui.times import iso

NO_RCS = 36
"""Last digits of a handset without RCS."""

SILENT = 401
"""Last digits of a recipient whose messages stay ``QUEUED_ON_CHANNEL``."""

REASONS = {
    NO_RCS: "RECIPIENT_NOT_REACHABLE",
    402: "RECIPIENT_NOT_REACHABLE",
    404: "CHANNEL_FAILURE",
    406: "DELIVERY_TIMED_OUT",
    408: "CHANNEL_REJECT",
    412: "NO_PERMISSION",
    417: "MEDIA_NOT_REACHABLE",
    610: "RECIPIENT_NOT_OPTED_IN",
}
"""Last digits of the recipient to the reason why it fails; 36 is RCS alone, 417 is MMS alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """A status on a channel, and the moment from which it holds."""

    at: datetime
    status: str
    channel: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it was accepted.

    Attributes:
        message_id: its ULID.
        project_id: whose it is.
        app: what sends it.
        numbers: channel to recipient, digits alone.
        order: channels in the order in which they are tried.
        content: the ``message`` of the request.
        created: when it came.
        metadata: repeated in reports.
        callback: where reports go; empty for the app's webhooks.
        is_dispatched: it leaves no trace in a conversation.
        failing: channel to the reason why it cannot carry it, whoever the recipient is.
    """

    message_id: str
    project_id: str
    app: App
    numbers: dict[str, str]
    order: tuple[str, ...]
    content: dict[str, Any]
    created: datetime
    metadata: str = ""
    callback: str = ""
    is_dispatched: bool = True
    failing: Mapping[str, str] = field(default_factory=dict)

    @property
    def steps(self) -> list[Step]:
        """Its statuses, first to last; a channel that fails hands over to the next one."""
        steps: list[Step] = []
        begun = self.created
        for place, channel in enumerate(self.order, start=1):
            reason = self._reason(channel)
            after = begun + timedelta(seconds=2)
            if not reason:
                steps.append(Step(begun + timedelta(seconds=0.5), "QUEUED_ON_CHANNEL", channel))
                if tail(self.numbers[channel]) == SILENT:
                    return steps
                steps.append(Step(after, "DELIVERED", channel))
                if channel == "RCS":
                    steps.append(Step(after + timedelta(seconds=3), "READ", channel))
                return steps
            if place == len(self.order):
                steps.append(Step(after, "FAILED", channel, reason))
                return steps
            steps.append(Step(after, "SWITCHING_CHANNEL", channel, reason))
            begun = after
        return steps

    def channel_at(self, now: datetime) -> str:
        """Return the channel that has it at a moment."""
        channel = self.order[0]
        for step in self.steps:
            if step.at <= now and step.status == "SWITCHING_CHANNEL":
                channel = self.order[self.order.index(step.channel) + 1]
        return channel

    def record(self, now: datetime) -> dict[str, Any]:
        """Return the message as the API shows it when it is kept: without any status."""
        return {
            "id": self.message_id,
            "direction": "TO_CONTACT",
            "app_message": self.content,
            "channel_identity": self._identity(self.channel_at(now)),
            "conversation_id": "",
            "contact_id": "",
            "metadata": self.metadata,
            "accept_time": iso(self.created),
            "injected": False,
            "sender_id": "",
            "processing_mode": "DISPATCH" if self.is_dispatched else "CONVERSATION",
        }

    def callbacks(self) -> Iterator[Callback]:
        """Yield the reports: to the address given with the message, else to the app's webhooks."""
        for number, step in enumerate(self.steps, start=1):
            record, nonce = self._report(step), f"{self.message_id}{number}"
            if self.callback:
                secret = self.app.callback_secret
                yield callback(step.at, self.callback, record, nonce=nonce, secret=secret)
                continue
            for hook in self.app.webhooks:
                if "MESSAGE_DELIVERY" in hook.triggers:
                    yield callback(
                        step.at,
                        hook.target,
                        record,
                        nonce=nonce,
                        secret=hook.secret,
                        headers=hook.headers,
                    )

    def _report(self, step: Step) -> dict[str, Any]:
        report: dict[str, Any] = {
            "message_id": self.message_id,
            "conversation_id": "",
            "status": step.status,
            "channel_identity": self._identity(step.channel),
            "contact_id": "",
            "metadata": self.metadata,
            "processing_mode": "DISPATCH" if self.is_dispatched else "CONVERSATION",
        }
        if step.reason:
            report["reason"] = {
                "code": step.reason,
                "description": "",
                "sub_code": "UNSPECIFIED_SUB_CODE",
            }
        return {
            "app_id": self.app.app_id,
            "accepted_time": iso(step.at),
            "event_time": iso(step.at),
            "project_id": self.project_id,
            "message_delivery_report": report,
            "message_metadata": self.metadata,
        }

    def _identity(self, channel: str) -> dict[str, str]:
        return {"channel": channel, "identity": self.numbers[channel], "app_id": ""}

    def _reason(self, channel: str) -> str:
        """Return why a channel fails; empty when it does not."""
        if self.failing.get(channel):
            return self.failing[channel]
        code = tail(self.numbers[channel])
        if (code == NO_RCS and channel != "RCS") or (code == 417 and channel != "MMS"):
            return ""
        return REASONS.get(code, "")
