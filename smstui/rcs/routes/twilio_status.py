"""How Twilio's answers about RCS senders and Messaging Services are read."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.answers import text_in, unreadable
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.infobip_json import entries, part
from smstui.providers.twilio import TwilioCredential
from smstui.providers.twilio_answers import read_error
from smstui.rcs.base import Progress, StatusLine, TaskState
from smstui.rcs.routes.common import MOST_LINES, done, in_form, overall, short, told
from smstui.text import shorten_middle

_FIELDS = ("account_sid", "auth_token", "api_key_sid", "api_key_secret", "messaging_service_sid")
_RENAMED = {"message_sid": "messaging_service_sid"}
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}", re.ASCII)
_IN_A_SERVICE = ("21710", "21712")
_US = "US"

_SENDER = {
    "CREATING": (TaskState.DOING, N_("Twilio is still making it")),
    "DRAFT": (TaskState.OPEN, N_("made, and not submitted yet")),
    "PENDING_VERIFICATION": (TaskState.DOING, N_("waiting to be verified")),
    "VERIFYING": (TaskState.DOING, N_("being verified")),
    "TWILIO_REVIEW": (TaskState.DOING, N_("Twilio looks at it")),
    "ONLINE": (TaskState.DONE, N_("live")),
    "ONLINE:UPDATING": (TaskState.DONE, N_("live, and being changed")),
    "OFFLINE": (TaskState.REFUSED, N_("not live")),
    "STUBBED": (TaskState.DOING, N_("a placeholder of Twilio's")),
}
"""Also the states of a country, as far as it has them."""

_CARRIER = {
    "UNKNOWN": TaskState.OPEN,
    "UNLAUNCHED": TaskState.OPEN,
    "CARRIER_REVIEW": TaskState.DOING,
    "APPROVED": TaskState.DONE,
    "REJECTED": TaskState.REFUSED,
    "SUSPENDED": TaskState.REFUSED,
}

_UNSENT = ("CREATING", "DRAFT")
"""States before the registration is handed in, whatever countries say by then."""
_REVIEWED = ("PENDING_VERIFICATION", "VERIFYING", "TWILIO_REVIEW")

CODES = {
    "63035": N_(
        "The agent is not live for this handset: its owner has not accepted the invitation, or "
        "the carrier there has not approved the sender. Test with an accepted test device."
    ),
    "63036": N_(
        "The handset has no RCS at this moment. Have it switched on there (on iOS, the carrier "
        "must offer it to businesses), or send with the SMS fallback."
    ),
    "63106": N_("The test device has no RCS: invite another handset."),
    "63107": N_("The test device's number is not in E.164: write it like +393331234567."),
    "63108": N_("The sender is not ready for test devices: wait until it has left CREATING."),
    "63100": N_("Twilio refuses what the profile says: read its own words, correct the profile."),
    "63105": N_("Twilio does not offer this for RCS by API: do it in the Console."),
    "21703": N_("The Messaging Service has no sender for this: add the RCS sender and a number."),
    "21704": N_("The Messaging Service is empty: add the RCS sender and a number."),
    "21910": N_(
        "Sender and recipient differ in channel: both begin with rcs:, or a service sends."
    ),
    "21664": N_("A fallback sender needs a Messaging Service with an RCS sender in its pool."),
}


def failed(response: Response, credential: TwilioCredential) -> Progress:
    """Return what a refusal means for a set-up."""
    return Progress(in_form(read_error(response, credential), _FIELDS, _RENAMED))


def broken(response: Response) -> Progress:
    """Return what an answer means that is not the one asked for."""
    return Progress(unreadable(response, request_id=response.header("Twilio-Request-Id")))


def find_sender(response: Response, credential: TwilioCredential, sender_id: str) -> str | Progress:
    """Return the SID of a sender in the list of all, or why there is none."""
    if response.status != 200:
        return failed(response, credential)
    if not isinstance(response.record().get("senders"), list):
        return broken(response)
    for entry in entries(response.record()["senders"]):
        sid = _sid(entry.get("sid"))
        if sid and text_in(entry.get("sender_id")).casefold() == sender_id.casefold():
            return sid
    return Progress(
        Outcome(
            result=Result.FAILED,
            word=_("sender unknown"),
            summary=_("{sender} is not in this account").format(sender=short(sender_id)),
            cause=_("The account's list of RCS senders does not have it."),
            next_step=_("Compare it with the Twilio Console; subaccounts have their own senders."),
            field="sender_id",
        )
    )


def read_sender(response: Response, credential: TwilioCredential, sid: str) -> Progress:
    """Return how a sender stands, with its countries and carriers."""
    if response.status == 404:
        outcome = failed(response, credential).outcome
        return Progress(
            dataclasses.replace(
                outcome,
                word=_("sender unknown"),
                cause=_("The account has no sender with this SID."),
                next_step=_("Copy the SID (XE…) from the Twilio Console again."),
                field="sender_sid",
            )
        )
    if response.status != 200:
        return failed(response, credential)
    record = response.record()
    word = short(record.get("status"))
    if not word or record.get("sid") != sid:
        return broken(response)
    state, means = _SENDER.get(word, (TaskState.OPEN, ""))
    reasons = [text_in(e.get("message")) for e in entries(record.get("offline_reasons"))]
    remark = " · ".join(filter(None, reasons))[:300]
    sender_id = short(record.get("sender_id"))
    lines = [StatusLine(0, sender_id or sid, word, state, remark), *_lines(record)]
    learned = {"sender_sid": sid}
    if sender_id.startswith("rcs:"):
        learned["sender_id"] = sender_id
    return Progress(
        told(word, _(means), state, remark),
        tuple(lines),
        _tasks(record, word, lines),
        learned,
    )


def with_service(progress: Progress, response: Response, sid: str) -> Progress:
    """Return the same, with what the list of a service's senders tells; else as it was."""
    senders = response.record().get("senders")
    if response.status != 200 or not isinstance(senders, list):
        return progress
    has_it = any(entry.get("sid") == sid for entry in entries(senders))
    state = TaskState.DONE if has_it else TaskState.OPEN
    return dataclasses.replace(
        progress, tasks={**progress.tasks, "service": TaskState.DONE, "attach": state}
    )


def read_service_created(response: Response, credential: TwilioCredential) -> Progress:
    """Return the Messaging Service that was made, or why there is none."""
    sid = _sid(response.record().get("sid"))
    if response.status >= 300:
        return failed(response, credential)
    if not sid.startswith("MG"):
        return broken(response)
    return Progress(
        done(
            _("service created"),
            shorten_middle(sid, 12),
            _("Add a number to it in the Twilio Console, for the fallback to SMS."),
        ),
        tasks={"service": TaskState.DONE},
        learned={"messaging_service_sid": sid},
    )


def read_sender_created(response: Response, credential: TwilioCredential) -> Progress:
    """Return the sender that was made; a refusal says where it is made instead."""
    record = response.record()
    if response.status >= 300:
        refused = failed(response, credential)
        if response.status >= 500 or response.status in (401, 429):
            return refused
        said = _("Create it in the Twilio Console, then enter its SID (XE…) and rcs: id here.")
        return Progress(dataclasses.replace(refused.outcome, next_step=said))
    sid, word = _sid(record.get("sid")), short(record.get("status")) or "CREATING"
    if not sid.startswith("XE"):
        return broken(response)
    state, means = _SENDER.get(word, (TaskState.DOING, ""))
    sender_id = short(record.get("sender_id"))
    learned = {"sender_sid": sid} | ({"sender_id": sender_id} if sender_id else {})
    return Progress(
        told(word, _(means), state),
        (StatusLine(0, sender_id or sid, word, state),),
        {"sender": TaskState.DOING if word == "CREATING" else TaskState.DONE},
        learned,
    )


def read_attached(response: Response, credential: TwilioCredential, sid: str) -> Progress:
    """Return whether the Messaging Service has the sender now."""
    if response.status >= 300:
        progress = failed(response, credential)
        if progress.outcome.code not in _IN_A_SERVICE:
            return progress
        said = _("Look in the Twilio Console which service has it; this one may be it.")
        return Progress(dataclasses.replace(progress.outcome, next_step=said))
    if response.record().get("sid") != sid:
        return broken(response)
    return Progress(
        done(
            _("sender added"),
            _("the Messaging Service has the sender"),
            _("Switch on Advanced Opt-Out in the service, in the subscribers' language."),
        ),
        tasks={"service": TaskState.DONE, "attach": TaskState.DONE},
    )


def _lines(record: dict[str, Any]) -> list[StatusLine]:
    lines = []
    for country in _countries(record):
        word = short(country.get("status"))
        state = _SENDER.get(word, (TaskState.OPEN, ""))[0]
        lines.append(StatusLine(1, short(country.get("country")) or "–", word, state))
        for carrier in entries(country.get("carriers"))[:MOST_LINES]:
            word = short(carrier.get("status"))
            state = _CARRIER.get(word, TaskState.OPEN)
            lines.append(StatusLine(2, short(carrier.get("name")) or "–", word, state))
    return lines[:MOST_LINES]


def _countries(record: dict[str, Any]) -> list[dict[str, Any]]:
    return entries(part(record, "compliance").get("countries"))


def _tasks(record: dict[str, Any], word: str, lines: list[StatusLine]) -> dict[str, TaskState]:
    """Return the tasks whose state a sender's record shows; what it does not tell stays out."""
    tasks = {"sender": TaskState.DOING if word == "CREATING" else TaskState.DONE}
    profile, webhook = part(record, "profile"), part(record, "webhook")
    if all(profile.get(name) for name in ("description", "logo_url", "banner_url", "privacy_url")):
        tasks["details"] = TaskState.DONE
    if webhook.get("callback_url"):
        tasks["callbacks"] = TaskState.DONE
    countries = [line for line in lines if line.level == 1]
    carriers = overall(line.state for line in lines if line.level == 2)
    if word.startswith("ONLINE") or any(line.state is TaskState.DONE for line in countries):
        tasks["registration"] = TaskState.DONE
    elif word in _REVIEWED or (
        word not in _UNSENT and any(line.state is TaskState.DOING for line in countries)
    ):
        tasks["registration"] = TaskState.DOING
    if carriers is not TaskState.OPEN:
        tasks["carriers"] = carriers
    elif word.startswith("ONLINE"):
        tasks["carriers"] = TaskState.DONE
    us = next((line for line in countries if line.name == _US), None)
    if us is not None and us.state is not TaskState.OPEN and word not in _UNSENT:
        tasks["registration_us"] = us.state
    return tasks


def _sid(value: Any) -> str:
    return value if isinstance(value, str) and _SID.fullmatch(value) else ""
