"""Whether a sender is the Twilio account's own, and in the pool of its Messaging Service.

Sources: Twilio's OpenAPI files api_v2010 (IncomingPhoneNumbers) and messaging_v1 (a service's
PhoneNumbers, ShortCodes, AlphaSenders). Beside a service, Twilio takes a From only from its pool.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from smstui.i18n import _
from smstui.messaging.numbers import E164, alphanumeric_problem, is_short_code
from smstui.providers.answers import unreadable
from smstui.providers.base import Dialogue, Outcome, Request, Response, Result
from smstui.providers.senders import FIELD, incapable, not_owned, owned, unseen
from smstui.providers.twilio_answers import read_error
from smstui.providers.twilio_hosts import product_url

if TYPE_CHECKING:
    from smstui.providers.twilio import TwilioCredential

MOST = 1000
"""Senders of a pool that are looked at: the longest page that Twilio gives."""


def ask(credential: TwilioCredential, sender: str, channel: str) -> Dialogue | None:
    """Return the conversation about a sender; None for one of which Twilio keeps no list."""
    if E164.fullmatch(sender):
        return _number(credential, sender, channel)
    if not credential.service_sid:
        return None
    if is_short_code(sender):
        return _member(credential, "ShortCodes", "short_code", sender)
    if not alphanumeric_problem(sender):
        return _member(credential, "AlphaSenders", "alpha_sender", sender)
    return None


def _number(credential: TwilioCredential, number: str, channel: str) -> Dialogue:
    base = product_url(credential.api_host, "api")
    query = urlencode({"PhoneNumber": number})
    url = f"{base}/2010-04-01/Accounts/{credential.account_sid}/IncomingPhoneNumbers.json?{query}"
    response = yield Request.get(url, credential.login())
    found = _entry(response, credential, "incoming_phone_numbers", "phone_number", number)
    if isinstance(found, Outcome):
        return found
    if found is None:
        return not_owned(
            number,
            _("The number belongs to another account or subaccount, or was released."),
            _("Compare it with Phone Numbers in the Twilio Console."),
        )
    capabilities = found.get("capabilities")
    if isinstance(capabilities, dict) and capabilities.get(channel.lower()) is False:
        return incapable(number, channel)
    if credential.service_sid:
        return (yield from _member(credential, "PhoneNumbers", "phone_number", number))
    return owned(_("{sender} is a number of this account").format(sender=number))


def _member(credential: TwilioCredential, pool: str, key: str, sender: str) -> Dialogue:
    base = product_url(credential.api_host, "messaging")
    url = f"{base}/v1/Services/{credential.service_sid}/{pool}?PageSize={MOST}"
    response = yield Request.get(url, credential.login())
    found = _entry(response, credential, "", key, sender)
    if isinstance(found, Outcome):
        return found
    if found is not None:
        said = _("{sender} is in the pool of the Messaging Service")
        return owned(said.format(sender=sender))
    return Outcome(
        result=Result.FAILED,
        word=_("not in service"),
        summary=_("{sender} is not in the Messaging Service").format(sender=sender),
        cause=_("Messages go out through the service, and it takes senders of its pool alone."),
        next_step=_("Add the sender to the service in the Twilio Console, or choose another."),
        field=FIELD,
    )


def _entry(
    response: Response, credential: TwilioCredential, records: str, key: str, value: str
) -> dict[str, Any] | Outcome | None:
    """Return the entry of a list that has a value, None when none has; an outcome on trouble.

    Args:
        response: what came.
        credential: who asked.
        records: the name of the list; empty for the only one there is.
        key: the member of an entry that tells.
        value: what it must be.
    """
    if response.status in (401, 403):
        return unseen(
            _("This login may not read senders; a Standard or Main key, or the token, may."),
            _("Look the sender up in the Twilio Console."),
        )
    if response.status != 200:
        return read_error(response, credential)
    record = response.record()
    lists = [record.get(records)] if records else list(record.values())
    entries = next((part for part in lists if isinstance(part, list)), None)
    if entries is None:
        return unreadable(response, request_id=response.header("Twilio-Request-Id"))
    wanted = value.casefold()
    return next(
        (
            entry
            for entry in entries
            if isinstance(entry, dict) and str(entry.get(key) or "").casefold() == wanted
        ),
        None,
    )
