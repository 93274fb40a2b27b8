"""How the answers of Sinch's Provisioning API about RCS senders are read.

Refusals are ``{"errorCode", "message", "resolution"}``.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.answers import Hint, failed_by_hint, status_hint, text_in, unreadable
from smstui.providers.base import Outcome, Response, Result
from smstui.providers.fields import Severity
from smstui.providers.infobip_json import entries, joined, part
from smstui.providers.sinch_conversation import read_error
from smstui.providers.sinch_models import ConversationCredential
from smstui.rcs.base import Progress, StatusLine, TaskState
from smstui.rcs.routes.common import MOST_LINES, done, in_form, overall, short, told

_FIELDS = ("project_id", "app_id", "api_token", "key_id", "key_secret", "service_plan_id")
_SENDER_ID = re.compile(r"[A-Za-z0-9_-]{1,100}", re.ASCII)

_SENDER = {
    "DRAFT": (TaskState.OPEN, N_("begun")),
    "IN_PROGRESS": (TaskState.DOING, N_("being made at Google")),
    "IN_TEST": (TaskState.OPEN, N_("test devices get its messages; not launched yet")),
    "PENDING_LAUNCH": (TaskState.DOING, N_("Sinch adds a video before the launch")),
    "PREPARING_LAUNCH": (TaskState.DOING, N_("Sinch looks at it before the launch")),
    "LAUNCHING": (TaskState.DOING, N_("Google and the carriers look at it")),
    "LAUNCHED": (TaskState.DONE, N_("live")),
    "UNLAUNCHED": (TaskState.REFUSED, N_("taken off the air")),
    "UNKNOWN": (TaskState.OPEN, N_("Sinch does not know")),
}
_CARRIER = {
    "PENDING": TaskState.DOING,
    "LAUNCHED": TaskState.DONE,
    "REJECTED": TaskState.REFUSED,
    "SUSPENDED": TaskState.REFUSED,
}
_DEVICE = {
    "PENDING": TaskState.DOING,
    "UNVERIFIED": TaskState.DOING,
    "VERIFIED": TaskState.DONE,
    "DECLINED": TaskState.REFUSED,
    "EXPIRED": TaskState.REFUSED,
    "FAILED": TaskState.REFUSED,
    "REJECTED": TaskState.REFUSED,
    "INVALID": TaskState.REFUSED,
}
_LAUNCHING = ("PENDING_LAUNCH", "PREPARING_LAUNCH", "LAUNCHING", "LAUNCHED", "UNLAUNCHED")

_HINTS = {
    "rbm_has_not_been_used": Hint(
        N_("RCS not enabled"),
        N_("RCS is not enabled on the project."),
        N_("Ask your account manager at Sinch to enable it."),
        "project_id",
    ),
    "rbm_too_many_requests": Hint(
        N_("too many invitations"),
        N_("A sender invites 20 test devices a day, and 200 in all."),
        N_("Try again tomorrow, or remove devices that are not needed."),
    ),
}
_STATUS = {
    403: Hint(
        N_("not permitted"),
        N_("The access key belongs to another project, or RCS is not enabled on it."),
        N_("Check Project ID against the access key, then ask Sinch to enable RCS."),
        "project_id",
    ),
    404: Hint(
        N_("sender unknown"),
        N_("The project has no such RCS sender, or there is no such project."),
        N_("Compare Project ID and Sender ID with the Sinch dashboard."),
        "sender_id",
    ),
    409: Hint(
        N_("not now"),
        N_("It is there already, or the sender is in a state that does not allow this."),
        N_("Ask for the status first."),
    ),
    412: Hint(
        N_("incomplete"),
        N_("Sinch's checklist for the launch is not complete."),
        N_("Write the brand, and answer the questionnaire in the Sinch dashboard."),
    ),
}

CODES = {
    "RECIPIENT_NOT_REACHABLE": N_(
        "The handset has no RCS at this moment, or is no verified test device of a sender that "
        "is not launched there. Verify it, or let the SMS step in."
    ),
    "CHANNEL_CONFIGURATION_MISSING": N_(
        "The app has no RCS channel: put the sender on the app in the register step."
    ),
    "CHANNEL_BAD_CONFIGURATION": N_(
        "The app's RCS channel has the wrong bearer: it takes the sender's authName and "
        "authToken, not its id. Put the sender on the app again."
    ),
    "NO_CHANNELS_LEFT": N_("RCS and SMS were both tried: look at the app's SMS channel, too."),
    "RECIPIENT_NOT_OPTED_IN": N_("The handset's owner has not accepted the invitation."),
}


def check_sender_id(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with the id of a sender; Sinch publishes no rule for it."""
    if not _SENDER_ID.fullmatch(value):
        yield Severity.ERROR, _("It has letters, digits, hyphens and underscores only.")


def failed(response: Response, credential: ConversationCredential) -> Progress:
    """Return what a refusal of the Provisioning API means for a set-up."""
    record = response.record()
    code = text_in(record.get("errorCode"))[:60]
    raw = joined([text_in(record.get("message")), text_in(record.get("resolution"))])
    hint = _HINTS.get(code) or _STATUS.get(response.status)
    if response.status == 401 or not (code or raw or hint):
        outcome = read_error(response, credential)
        if raw:
            outcome = dataclasses.replace(outcome, code=outcome.code or code, raw=raw)
    elif not code and not raw and response.document() is None:
        outcome = unreadable(response)
    else:
        hint = hint or status_hint(response.status)
        shown = code or f"HTTP {response.status}"
        outcome = dataclasses.replace(
            failed_by_hint(hint, response, code=shown, raw=raw), code=code
        )
    return Progress(in_form(outcome, (*_FIELDS, "sender_id"), {}))


def find_sender(
    response: Response, credential: ConversationCredential, brand: str
) -> str | Progress:
    """Return the id of the sender of that brand in the list of all, or why there is none."""
    if response.status != 200:
        return failed(response, credential)
    if not isinstance(response.record().get("senders"), list):
        return Progress(unreadable(response))
    ids = [
        entry["id"]
        for entry in entries(response.record()["senders"])
        if _is_id(entry.get("id")) and _brand(entry).get("name") == brand
    ]
    if len(ids) == 1:
        return str(ids[0])
    return Progress(
        Outcome(
            result=Result.FAILED,
            word=_("sender unknown"),
            summary=_("senders of this brand: {count}").format(count=len(ids)),
            cause=_("The project's list does not tell which sender is meant."),
            next_step=_("Create the sender, or copy Sender ID from the Sinch dashboard."),
            field="sender_id",
        )
    )


def read_sender(response: Response, credential: ConversationCredential) -> Progress:
    """Return how a sender stands, with its test devices, countries and carriers."""
    if response.status >= 300:
        return failed(response, credential)
    record = response.record()
    word, sender_id = short(record.get("state")), record.get("id")
    if not word or not _is_id(sender_id):
        return Progress(unreadable(response))
    state, means = _SENDER.get(word, (TaskState.OPEN, ""))
    devices = [_device(entry) for entry in entries(record.get("testNumberStates"))[:MOST_LINES]]
    countries = _countries(record)
    sender = StatusLine(0, short(_brand(record).get("name")) or str(sender_id), word, state)
    return Progress(
        told(word, _(means), state),
        (sender, *devices, *countries),
        _tasks(record, word, devices, countries),
        {"sender_id": str(sender_id)},
    )


def with_brand_written(progress: Progress) -> Progress:
    """Return the same after a PATCH of the brand that went well."""
    if progress.status is None:
        return progress
    return dataclasses.replace(
        progress,
        outcome=done(_("brand written"), _("the sender has brand and countries of the profile")),
        tasks={**progress.tasks, "brand": TaskState.DONE},
    )


def read_launched(response: Response, credential: ConversationCredential) -> Progress:
    """Return whether the launch has begun."""
    progress = read_sender(response, credential)
    if progress.status is None:
        return progress
    return dataclasses.replace(
        progress, tasks={**progress.tasks, "launch": progress.tasks.get("launch", TaskState.DOING)}
    )


def read_invited(response: Response, credential: ConversationCredential, number: str) -> Progress:
    """Return how a test device stands after it was invited."""
    if response.status >= 300:
        return failed(response, credential)
    record = response.record()
    states = entries(record.get("testNumbers")) or [record]
    entry = next((e for e in states if e.get("number") == number), states[0])
    if not short(entry.get("state")):
        return Progress(unreadable(response))
    line = _device({**entry, "number": number})
    tasks = {"test_device": line.state}
    if line.state is TaskState.DONE:
        said = _("{number} is a test device").format(number=number)
        return Progress(done(_("accepted"), said), tasks=tasks)
    if line.state is TaskState.REFUSED:
        said = _("{number} is no test device").format(number=number)
        return Progress(told(line.word, said, line.state), tasks=tasks)
    outcome = done(
        _("invited"),
        _("{number} was invited").format(number=number),
        _("Have the message on the handset accepted."),
        waits=True,
    )
    return Progress(outcome, tasks=tasks)


def _device(entry: dict[str, Any]) -> StatusLine:
    word = short(entry.get("state"))
    return StatusLine(1, short(entry.get("number")) or "–", word, _DEVICE.get(word, TaskState.OPEN))


def _countries(record: dict[str, Any]) -> list[StatusLine]:
    """Return countries and their carriers; how a country is named there is not published."""
    lines: list[StatusLine] = []
    for country in entries(record.get("countryStatus"))[:MOST_LINES]:
        carriers = []
        for entry in entries(country.get("operators"))[:MOST_LINES]:
            word, remark = short(entry.get("status")), text_in(entry.get("remark"))[:300]
            state = _CARRIER.get(word, TaskState.OPEN)
            carriers.append(StatusLine(2, short(entry.get("name")) or "–", word, state, remark))
        names = (short(country.get(key)) for key in ("country", "countryCode", "code", "name"))
        word = short(country.get("status")) or short(country.get("state"))
        own = _CARRIER.get(word, overall(line.state for line in carriers))
        lines += [StatusLine(1, next(filter(None, names), "–"), word, own), *carriers]
    return lines[:MOST_LINES]


def _tasks(
    record: dict[str, Any], word: str, devices: list[StatusLine], countries: list[StatusLine]
) -> dict[str, TaskState]:
    tasks = {"enabled": TaskState.DONE, "sender": TaskState.DONE}
    brand, details = _brand(record), part(record, "details")
    if all(brand.get(name) for name in ("logoUrl", "bannerUrl", "privacyPolicyUrl")) and (
        details.get("countries")
    ):
        tasks["brand"] = TaskState.DONE
    if devices:
        tasks["test_device"] = overall(line.state for line in devices)
    if word in _LAUNCHING:
        tasks["launch"] = _SENDER[word][0]
    carriers = overall(line.state for line in countries if line.level == 2)
    if carriers is not TaskState.OPEN:
        tasks["carriers"] = carriers
    return tasks


def _brand(record: dict[str, Any]) -> dict[str, Any]:
    return part(part(record, "details"), "brand")


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _SENDER_ID.fullmatch(value) is not None
