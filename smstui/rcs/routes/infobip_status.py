"""How Infobip's answers about RCS senders, their launch and their test numbers are read."""

from __future__ import annotations

import dataclasses
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.answers import unreadable
from smstui.providers.base import Outcome, Response
from smstui.providers.infobip_json import entries, text_in
from smstui.providers.infobip_refusals import read_error
from smstui.rcs.base import Progress, StatusLine, TaskState
from smstui.rcs.routes.common import MOST_LINES, done, in_form, overall, short, told

SCOPES = "rcs:provision, rcs:manage"
"""The scopes of which one is needed for senders and test numbers."""

_FIELDS = ("api_base_url", "api_key", "sender_name")

_SENDER = {
    "DRAFT": (TaskState.OPEN, N_("begun, and not submitted yet")),
    "PENDING": (TaskState.DOING, N_("being made")),
    "READY_FOR_TESTING": (TaskState.OPEN, N_("test devices get its messages; not launched yet")),
    "PENDING_LAUNCH": (TaskState.DOING, N_("the launch is being looked at")),
    "SENDER_UPDATE_REQUIRED": (TaskState.REFUSED, N_("something has to be corrected")),
    "LAUNCHED_IN_PROGRESS": (TaskState.DONE, N_("live with one carrier at least")),
    "LAUNCHED_PARTIAL_SUCCESS": (TaskState.DONE, N_("live, but not with every carrier")),
    "LAUNCHED": (TaskState.DONE, N_("live")),
}
_CARRIER = {
    "PENDING": TaskState.DOING,
    "IN_PROGRESS": TaskState.DOING,
    "COMPLETED": TaskState.DONE,
    "REJECTED": TaskState.REFUSED,
    "NOT_REQUESTED": TaskState.NOT_NEEDED,
}
_DEVICE = {
    "PENDING": TaskState.DOING,
    "WAITING_FOR_TESTER_ACCEPTANCE": TaskState.DOING,
    "APPROVED": TaskState.DONE,
    "EXPIRED": TaskState.REFUSED,
    "UNSUPPORTED": TaskState.REFUSED,
    "FAILED": TaskState.REFUSED,
}
_NOT_READY = ("DRAFT", "PENDING")

_NO_INVITATION = {
    404: (
        N_("not found"),
        N_("There is no sender of this name, or the number was never invited to it."),
        N_("Invite the test device first."),
    ),
    409: (
        N_("not now"),
        N_("The sender is not ready for testing yet, or has this test device already."),
        N_("Ask for the status, then try again, or invite it again."),
    ),
}
"""Refusals of an invitation by HTTP status: word, cause, what to do."""

_UNKNOWN_USER = N_(
    "The handset has no RCS, or is no accepted test device of this sender. Invite it, have the "
    "invitation accepted within 24 hours, or send with the SMS fallback."
)
CODES = {
    "EC_UNKNOWN_USER": _UNKNOWN_USER,
    "7002": _UNKNOWN_USER,
    "REJECTED_SOURCE": N_(
        "Infobip does not know the sender: Sender number is the name of the RCS sender, written "
        "as in the portal."
    ),
    "E403": N_("The key cannot send RCS: give it the scope rcs:message:send."),
}


def failed(response: Response) -> Progress:
    """Return what a refusal means for a set-up."""
    outcome = read_error(response, scope=SCOPES)
    return Progress(in_form(outcome, _FIELDS, {"sender_number": "sender_name"}))


def read_created(response: Response, sender: str) -> Progress:
    """Return the sender that was made, or why there is none."""
    if response.status >= 300:
        progress = failed(response)
        if response.status != 409:
            return progress
        return Progress(
            dataclasses.replace(
                progress.outcome,
                word=_("name taken"),
                cause=_("There is a sender of this name already."),
                next_step=_("Ask for its status if it is yours; else choose another name."),
                field="sender_name",
            )
        )
    return _sender(response, sender)


def read_sender(response: Response, sender: str) -> Progress:
    """Return how a sender stands."""
    if response.status == 404 and read_error(response).code:
        outcome = failed(response).outcome
        return Progress(
            dataclasses.replace(
                outcome,
                word=_("sender unknown"),
                cause=_("The account has no RCS sender of this name."),
                next_step=_("Create it, or compare its name with the Infobip portal."),
                field="sender_name",
            )
        )
    return failed(response) if response.status >= 300 else _sender(response, sender)


def _sender(response: Response, sender: str) -> Progress:
    record = response.record()
    word, name = short(record.get("senderStatus")), record.get("senderName")
    if not word or name != sender:
        return Progress(unreadable(response))
    state, means = _SENDER.get(word, (TaskState.OPEN, ""))
    tasks = {
        "sender": TaskState.DOING if word in _NOT_READY else TaskState.DONE,
        "ready": TaskState.DOING if word in _NOT_READY else TaskState.DONE,
    }
    if state is not TaskState.OPEN and word not in _NOT_READY:
        tasks["launch"] = state
    return Progress(told(word, _(means), state), (StatusLine(0, sender, word, state),), tasks)


def with_devices_and_launch(progress: Progress, devices: Response, launch: Response) -> Progress:
    """Return the same, with what two further answers tell; one that tells nothing is left out."""
    lines, tasks = list(progress.status or ()), dict(progress.tasks)
    if devices.status == 200:
        found = [
            _device(short(entry.get("testNumber")), short(entry.get("status")))
            for entry in entries(devices.record().get("results"))[:MOST_LINES]
        ]
        lines += found
        if found:
            tasks["test_device"] = overall(line.state for line in found)
    if launch.status == 200:
        found = _coverage(launch.record())
        lines += found
        carriers = overall(line.state for line in found if line.level == 2)
        if carriers is not TaskState.OPEN:
            tasks["carriers"] = carriers
    return dataclasses.replace(progress, status=tuple(lines), tasks=tasks)


def read_invited(response: Response, number: str) -> Progress:
    """Return how a test device stands after it was invited."""
    if response.status in _NO_INVITATION and read_error(response).code:
        word, cause, next_step = _NO_INVITATION[response.status]
        return Progress(
            dataclasses.replace(
                failed(response).outcome,
                word=_(word),
                cause=_(cause),
                next_step=_(next_step),
                field="test_numbers",
            )
        )
    if response.status >= 300:
        return failed(response)
    word = short(response.record().get("status"))
    if not word:
        return Progress(unreadable(response))
    line = _device(number, word)
    return Progress(_invited(line), tasks={"test_device": line.state})


def _invited(line: StatusLine) -> Outcome:
    if line.state is TaskState.DONE:
        return done(_("accepted"), _("{number} is a test device").format(number=line.name))
    if line.state is TaskState.REFUSED:
        return told(line.word, _("{number} is no test device").format(number=line.name), line.state)
    return done(
        _("invited"),
        _("{number} was invited").format(number=line.name),
        _("Have the message on the handset accepted within 24 hours."),
        waits=True,
    )


def _device(number: str, word: str) -> StatusLine:
    shown = f"+{number}" if number.isdecimal() else number
    return StatusLine(1, shown or "–", word, _DEVICE.get(word, TaskState.OPEN))


def _coverage(record: dict[str, Any]) -> list[StatusLine]:
    lines: list[StatusLine] = []
    for country in entries(record.get("coverage"))[:MOST_LINES]:
        carriers = []
        for entry in entries(country.get("providers"))[:MOST_LINES]:
            word = short(entry.get("status"))
            remark = text_in(entry.get("rejectionReason"))[:300]
            state = _CARRIER.get(word, TaskState.OPEN)
            carriers.append(StatusLine(2, short(entry.get("name")) or "–", word, state, remark))
        state = overall(line.state for line in carriers)
        lines += [StatusLine(1, short(country.get("countryCode")) or "–", "", state), *carriers]
    return lines[:MOST_LINES]
