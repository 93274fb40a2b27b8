"""The channel of an RCS sender on an app of Sinch's Conversation API.

The channel is ``static_bearer`` with the sender's ``authName`` and ``authToken``. With the sender's
``id`` in the place of its name the channel is taken and disappears later.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.answers import Hint, failed_by_hint, text_in, unreadable
from smstui.providers.base import Outcome, Request, Response, Result
from smstui.providers.infobip_json import entries, part
from smstui.providers.sinch_conversation import read_error, secrets_of_app
from smstui.providers.sinch_models import ConversationCredential
from smstui.rcs.base import Progress, StatusLine, TaskState
from smstui.rcs.routes.common import done
from smstui.rcs.routes.sinch_status import failed

RCS = "RCS"
_ANSWERED_ONLY = ("state", "channel_known_id", "credential_ordinal_number")
"""Members of a channel that the API answers and does not take."""
_STATES = {
    "ACTIVE": TaskState.DONE,
    "PENDING": TaskState.DOING,
    "FAILING": TaskState.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Bearer:
    """What an app logs in to a sender with."""

    name: str
    token: SecretStr


def request(credential: ConversationCredential) -> Request:
    """Return the request that reads the app."""
    url = credential.url(f"/apps/{credential.app_id}")
    return dataclasses.replace(Request.get(url, credential.login()), secrets_in=secrets_of_app)


def bearer_of(response: Response, credential: ConversationCredential) -> Bearer | Progress:
    """Return name and token of a sender, or why there are none."""
    if response.status != 200:
        return failed(response, credential)
    record = response.record()
    name, token = record.get("authName"), record.get("authToken")
    if not isinstance(name, str) or not isinstance(token, str) or not name or not token:
        if not record.get("id"):
            return Progress(unreadable(response))
        return Progress(
            Outcome(
                result=Result.FAILED,
                word=_("not ready"),
                summary=_("the sender has no authName yet"),
                cause=_("Sinch is still making the sender."),
                next_step=_("Ask for its status in a while, then try again."),
            )
        )
    return Bearer(name, SecretStr(token))


def channels_of(
    response: Response, credential: ConversationCredential
) -> list[dict[str, Any]] | Progress:
    """Return the channels that the app has, or why they cannot be read."""
    if response.status != 200:
        return _refused(response, credential)
    record = response.record()
    channels = record.get("channel_credentials", [])
    is_list = isinstance(channels, list) and len(entries(channels)) == len(channels)
    if record.get("id") != credential.app_id or not is_list:
        return Progress(unreadable(response))
    return entries(channels)


def linked(channels: list[dict[str, Any]], bearer: Bearer) -> list[dict[str, Any]]:
    """Return the whole list of channels with that of the sender: the others as they are."""
    others = [
        {key: value for key, value in channel.items() if key not in _ANSWERED_ONLY}
        for channel in channels
        if channel.get("channel") != RCS
    ]
    own = {
        "channel": RCS,
        "static_bearer": {
            "claimed_identity": bearer.name,
            "token": bearer.token.get_secret_value(),
        },
    }
    return [*others, own]


def read_linked(response: Response, credential: ConversationCredential, bearer: Bearer) -> Progress:
    """Return whether the app has the sender's channel now."""
    if response.status >= 300:
        return _refused(response, credential)
    channel = _channel(response.record(), bearer.name)
    if channel is None:
        return Progress(unreadable(response))
    state = _state(channel)
    if state is TaskState.REFUSED:
        outcome = _failing(channel)
    elif state is TaskState.DONE:
        outcome = done(_("channel active"), _("the app sends by this sender"))
    else:
        wait = _("It can take some minutes; ask for the status then.")
        outcome = done(_("channel pending"), _("the app has the channel"), wait, waits=True)
    return Progress(outcome, tasks={"app": TaskState.DONE, "link": state})


def with_app(progress: Progress, sender: Response, app: Response) -> Progress:
    """Return the same, with what the app's record tells of the sender's channel.

    Args:
        progress: of the sender.
        sender: its record.
        app: the app's record; one that tells nothing changes nothing.
    """
    record = app.record()
    if app.status != 200 or not isinstance(record.get("channel_credentials"), list):
        return progress
    lines = list(progress.status or ())
    name, sender_id = (text_in(sender.record().get(key)) for key in ("authName", "id"))
    channel = _channel(record, name)
    state = TaskState.OPEN if channel is None else _state(channel)
    tasks = {**progress.tasks, "app": TaskState.DONE, "link": state}
    if channel is not None:
        word = text_in(part(channel, "state").get("status")) or "ACTIVE"
        line = StatusLine(1, _("channel of the app"), word[:60], state, _reason(channel))
        lines.insert(1, line)
    changed = dataclasses.replace(progress, status=tuple(lines), tasks=tasks)
    if _channel(record, sender_id) is None:
        return changed
    return dataclasses.replace(
        changed,
        outcome=Outcome(
            result=Result.WARNED,
            word=_("wrong bearer"),
            summary=_("the app's RCS channel has the sender's id in the place of authName"),
            cause=_("Sinch takes such a channel, and it disappears later."),
            next_step=_("Put the sender on the app from here."),
            field="app_id",
        ),
        tasks={**tasks, "link": TaskState.REFUSED},
    )


def _channel(record: dict[str, Any], name: str) -> dict[str, Any] | None:
    """Return the app's RCS channel that logs in under a name; None for none, or without a name."""
    for channel in entries(record.get("channel_credentials")):
        identity = part(channel, "static_bearer").get("claimed_identity")
        if name and channel.get("channel") == RCS and identity == name:
            return channel
    return None


def _state(channel: dict[str, Any]) -> TaskState:
    word = text_in(part(channel, "state").get("status")) or "ACTIVE"
    return _STATES.get(word, TaskState.DOING)


def _reason(channel: dict[str, Any]) -> str:
    return text_in(part(channel, "state").get("description"))[:300]


def _failing(channel: dict[str, Any]) -> Outcome:
    return Outcome(
        result=Result.FAILED,
        word=_("channel failing"),
        summary=_("the app has the channel, and it fails"),
        cause=_("Sinch cannot use the sender on this app: they may be in two regions."),
        next_step=_("Compare the regions of app and sender in the Sinch dashboard."),
        field="region",
        raw=_reason(channel),
    )


_NO_APP = Hint(
    N_("app not found"),
    N_("The app is not in this project, or in another region."),
    N_("Check Region first, then copy App ID from the Sinch dashboard."),
    "app_id",
)


def _refused(response: Response, credential: ConversationCredential) -> Progress:
    outcome = read_error(response, credential)
    if response.status == 404:
        outcome = failed_by_hint(_NO_APP, response, code="404", raw=outcome.raw)
    return Progress(outcome)
