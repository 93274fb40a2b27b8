"""What subscribers send: ``mo_text`` of the SMS API, ``MESSAGE_INBOUND`` of an app.

Sources: Sinch's pages on callbacks of the SMS API and of the Conversation API.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from smstui.simulator.core import Callback
from smstui.simulator.sinch.accounts import MMS_NUMBER, PLAN_NUMBER, App, Plan, Project
from smstui.simulator.sinch.batches import Batch
from smstui.simulator.sinch.messages import Message
from smstui.simulator.sinch.signature import callback
from smstui.simulator.subscribers import REPLY_AFTER, reply_of
from smstui.times import iso

if TYPE_CHECKING:
    from smstui.simulator.sinch.api import State

OPERATOR = "22201"
"""Country and network code of the subscribers' carrier."""

_SENDERS = {"SMS": PLAN_NUMBER, "MMS": MMS_NUMBER}
"""What subscribers text, by channel; RCS has no number."""


def to_plan(
    state: State, plan: Plan, number: str, to: str, text: str, due: datetime
) -> Iterator[Callback]:
    """Yield the call that tells of an SMS to a plan's number; none when no URL is set."""
    if not plan.callback_url:
        return
    message_id = state.next_ulid("inbound")
    record = {
        "type": "mo_text",
        "id": message_id,
        "from": number.removeprefix("+"),
        "to": to.removeprefix("+"),
        "body": text,
        "received_at": iso(due),
        "operator_id": OPERATOR,
    }
    yield callback(
        due,
        plan.callback_url,
        record,
        nonce=message_id,
        secret=plan.callback_secret,
        headers=plan.callback_headers,
    )


def to_app(
    state: State, project: Project, app: App, channel: str, number: str, text: str, due: datetime
) -> Iterator[Callback]:
    """Yield the calls that tell of a text to an app, one for each webhook that wants them."""
    hooks = [hook for hook in app.webhooks if "MESSAGE_INBOUND" in hook.triggers]
    if not hooks:
        return
    message_id = state.next_ulid("inbound")
    identity = {"channel": channel, "identity": number.removeprefix("+"), "app_id": ""}
    record = {
        "app_id": app.app_id,
        "accepted_time": iso(due),
        "event_time": iso(due),
        "project_id": project.project_id,
        "message": {
            "id": message_id,
            "direction": "TO_APP",
            "contact_message": {"text_message": {"text": text}},
            "channel_identity": identity,
            "conversation_id": "",
            "contact_id": "",
            "metadata": "",
            "accept_time": iso(due),
            "sender_id": _SENDERS.get(channel, ""),
            "processing_mode": "DISPATCH",
        },
        "message_metadata": "",
    }
    for place, hook in enumerate(hooks):
        yield callback(
            due,
            hook.target,
            record,
            nonce=f"{message_id}{place}",
            secret=hook.secret,
            headers=hook.headers,
        )


def answers_to_batch(state: State, plan: Plan, batch: Batch) -> Iterator[Callback]:
    """Yield the calls that tell of recipients' answers; a name as sender cannot be answered."""
    sender = str(batch.request.get("from", ""))
    if not sender.removeprefix("+").isdigit():
        return
    for number, at in batch.delivered():
        if reply_of(number):
            yield from to_plan(state, plan, number, sender, reply_of(number), at + REPLY_AFTER)


def answers_to_message(state: State, message: Message) -> Iterator[Callback]:
    """Yield the calls that tell of the recipient's answer to a message that was delivered."""
    project = state.cast.projects[message.project_id]
    for step in message.steps:
        number = message.numbers[step.channel]
        if step.status == "DELIVERED" and reply_of(number):
            due = step.at + REPLY_AFTER
            yield from to_app(
                state, project, message.app, step.channel, number, reply_of(number), due
            )
