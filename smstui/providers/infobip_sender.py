"""Whether a number is the Infobip account's own.

Source: Infobip's API reference, "List owned numbers" (``GET /numbers/1/numbers``). It lists numbers
that were bought there; of names, and of numbers brought along, Infobip documents no list.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from smstui.i18n import _
from smstui.messaging.numbers import E164, is_short_code
from smstui.providers.answers import unreadable
from smstui.providers.base import Dialogue, Request, Result
from smstui.providers.infobip_json import entries, text_in
from smstui.providers.infobip_refusals import read_error
from smstui.providers.senders import incapable, not_owned, owned, unseen

if TYPE_CHECKING:
    from smstui.providers.infobip import InfobipCredential

SCOPE = "numbers:manage"
"""The scope that reading numbers needs."""


def ask(credential: InfobipCredential, sender: str, channel: str) -> Dialogue | None:
    """Return the conversation about a number or short code; None for a name."""
    if E164.fullmatch(sender) or is_short_code(sender):
        return _number(credential, sender.removeprefix("+"), channel)
    return None


def _number(credential: InfobipCredential, digits: str, channel: str) -> Dialogue:
    query = urlencode({"number": digits, "limit": 50})
    response = yield Request.get(credential.url(f"/numbers/1/numbers?{query}"), credential.login())
    if response.status == 403:
        said = _("The key is genuine, but lacks the scope {scope}.").format(scope=SCOPE)
        return unseen(said, _("Look the number up in the Infobip portal, under Numbers."))
    if response.status != 200:
        return read_error(response, scope=SCOPE)
    numbers = response.record().get("numbers")
    if not isinstance(numbers, list):
        return unreadable(response)
    own = next((n for n in entries(numbers) if text_in(n.get("number")) == digits), None)
    if own is None:
        outcome = not_owned(
            digits,
            _("The account has not bought this number; one that was brought along is not listed."),
            _("Compare it with Numbers and with the registered senders in the Infobip portal."),
        )
        return dataclasses.replace(outcome, result=Result.WARNED)
    capabilities = own.get("capabilities")
    if isinstance(capabilities, list) and capabilities and channel not in capabilities:
        return incapable(digits, channel)
    return owned(_("{sender} is a number of this account").format(sender=digits))
