"""A kept call once more: to the keywords as they are now, or to another address."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from smstui.errors import SmstuiError
from smstui.i18n import N_, _
from smstui.providers.base import Request, Result
from smstui.providers.hosts import is_plain_http_abroad
from smstui.text import clean
from smstui.webhooks.base import Call, EventKind
from smstui.webhooks.consent import ConsentState
from smstui.webhooks.stored import stored_draft
from smstui.webhooks.trial import Trial, try_reply
from smstui.webhooks.vendors.custom import form_to_json
from smstui.webhooks.vendors.reading import is_form

if TYPE_CHECKING:
    import httpx

    from smstui.store import Store
    from smstui.store.webhook_records import EventRecord

PATIENCE = 10.0
"""Seconds that the other side may take."""

_JSON = ("Content-Type", "application/json")
_SIGNATURE = re.compile(r"signature|^x-twilio-|^x-hub-", re.IGNORECASE)
"""Headers that belong to a signature: hash, nonce, timestamp, algorithm."""


class NotResent(SmstuiError):
    """A call cannot be sent on; the message says why."""

    title = N_("Not sent")


@dataclass(frozen=True, slots=True)
class Resent:
    """What became of a call that was sent on.

    Attributes:
        result: passed when the other side took it.
        said: one sentence for a person.
        status: the HTTP status, None when nothing came back.
    """

    result: Result
    said: str
    status: int | None = None


def replay(store: Store, event_id: int) -> Trial:
    """Return what the webhook makes today of a text that came in; nothing is changed.

    Raises:
        NotFound: the event or its webhook is gone.
        SmstuiError: the event is no text of a subscriber.
        StoreError: the store cannot be read.
    """
    record = store.events.get(event_id)
    event = record.event
    if event.kind != EventKind.INBOUND:
        raise SmstuiError(
            _("Only texts of subscribers are matched with keywords."), title=_("No text")
        )
    webhook = store.webhooks.get(record.webhook_id)
    consents = store.acting_in(webhook.environment_id).consents
    state = consents.state(event.sender, event.recipient)
    draft = stored_draft(webhook)
    return try_reply(draft, event.text, ConsentState(state) if state else None)


def kept_call(record: EventRecord) -> Call:
    """Return the call that an event came by, as it came; secrets of its headers are gone."""
    call = record.call
    return Call(call.method, call.url, call.headers, call.body, call.at)


def as_json_call(record: EventRecord) -> Call:
    """Return the call of an event with its form turned into JSON; one that is JSON stays.

    Raises:
        NotResent: the body is neither.
    """
    call = kept_call(record)
    if is_form(call):
        document = form_to_json(call.body)
    else:
        try:
            document = json.loads(call.body)
        except (ValueError, RecursionError):
            raise NotResent(_("The body is neither a form nor JSON. Send it as it came.")) from None
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return Call("POST", call.url, (_JSON,), body, call.received)


def signature_note(call: Call) -> str:
    """Return what to know before a call goes to another address, one sentence; empty for none."""
    if not any(_SIGNATURE.search(name) for name, _value in call.headers):
        return ""
    return _("Signatures that cover the address do not fit another one.")


async def resend(
    record: EventRecord, url: str, *, as_json: bool = False, client: httpx.AsyncClient | None = None
) -> Resent:
    """Post a kept call to another address, once; redirects are not followed.

    Args:
        record: the event it came by.
        url: where to; https, or plain http to this machine.
        as_json: turn a form into JSON; a signature is left out then.
        client: what to send with; a new one by default, whose certificates are read meanwhile.

    Raises:
        NotResent: the address or the call does not allow it; nothing was sent.
        SmstuiError: the proxy settings of the environment cannot be used.
    """
    from smstui.verify.transport import Link, new_client, perform

    url = url.strip()
    if is_plain_http_abroad(url):
        raise NotResent(_("Type an https address; plain http is for this machine only."))
    call = as_json_call(record) if as_json else kept_call(record)
    if call.method == "GET":
        raise NotResent(_("This call came by GET: everything it says is in its own address."))
    headers = tuple(
        (name, value)
        for name, value in call.headers
        if name.lower() == "content-type" or _SIGNATURE.search(name)
    )
    request = Request("POST", url, headers, call.body)
    sender = client or new_client()
    try:
        answer = await perform(sender, request, Link(), monotonic=time.monotonic, patience=PATIENCE)
    finally:
        if client is None:
            await sender.aclose()
    if answer.response is None:
        trouble = answer.trouble
        return Resent(Result.FAILED, clean(trouble.cause or trouble.summary) if trouble else "")
    return _told(answer.response.status)


def _told(status: int) -> Resent:
    phrase = HTTPStatus(status).phrase if status in list(HTTPStatus) else ""
    shown = f"{status} {phrase}".strip()
    if 200 <= status < 300:
        return Resent(Result.PASSED, _("It was taken: {status}.").format(status=shown), status)
    if 300 <= status < 400:
        said = _("It was sent elsewhere, which is not followed: {status}.")
    else:
        said = _("It was refused: {status}.")
    return Resent(Result.FAILED, said.format(status=shown), status)
