"""What Infobip's codes mean: HTTP errors, states of messages, errors of delivery.

Source: Infobip's page "Response status and error codes". States and errors are numbered apart; a
number of the one means something else in the other.
"""

from __future__ import annotations

from smstui.i18n import N_
from smstui.providers.answers import Hint

CODES_PAGE = (
    "https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes"
)
"""Where Infobip explains all of its codes."""

_SCOPE = N_("Add the scope to the key in the Infobip portal.")
_SUPPORT = N_("Ask Infobip's support, or your account manager.")
_NUMBER = N_("Check the number and its country code.")

HTTP_HINTS: dict[int, Hint] = {
    400: Hint(
        N_("request refused"),
        N_("A value is missing or malformed."),
        N_("Read Infobip's own text below."),
    ),
    401: Hint(
        N_("key refused"),
        N_(
            "The key is wrong, revoked or out of its validity period, or this machine's address "
            "is not on its allowlist."
        ),
        N_(
            "Compare the key with the Infobip portal. Mind that Journey Optimizer calls from "
            "other addresses than this machine."
        ),
        "api_key",
    ),
    403: Hint(
        N_("scope missing"),
        N_("The key is genuine, but lacks a scope for this."),
        _SCOPE,
        "api_key",
    ),
    404: Hint(
        N_("not found"),
        N_("There is no such call at this address, so it is not Infobip's API."),
        N_("Copy the base URL from the Infobip portal."),
        "api_base_url",
    ),
    500: Hint(
        N_("Infobip fault"),
        N_("Infobip has a fault of its own."),
        N_("Try again later; look at Infobip's status page."),
    ),
}
"""Error answers by HTTP status; what is not here means what the status says."""

_OPERATOR = Hint(
    N_("operator refused"),
    N_("The operator refused the message."),
    N_("Check sender and text with your account manager at Infobip."),
)

STATUS_HINTS: dict[int, Hint] = {
    4: _OPERATOR,
    6: Hint(
        N_("no coverage"),
        N_("The recipient's network is not covered, or not set up on the account."),
        N_("Have your account manager at Infobip set the network up."),
        "to",
    ),
    8: Hint(N_("wrong prefix"), N_("The number has a wrong prefix or length."), _NUMBER, "to"),
    9: Hint(
        N_("not delivered"),
        N_("The recipient could not be reached."),
        N_("Check that the number is right and the handset on, then try once more."),
        "to",
    ),
    10: Hint(
        N_("do not disturb"),
        N_("The recipient is on a do-not-disturb list."),
        N_("Use another handset, or get the recipient's consent."),
        "to",
    ),
    11: Hint(
        N_("sender refused"),
        N_("The sender is not registered on this account."),
        N_("Register it in the Infobip portal, or use one that is."),
        "sender_number",
    ),
    12: Hint(
        N_("no credit"),
        N_("The account has no credit left."),
        N_("Top it up in the Infobip portal."),
    ),
    13: Hint(
        N_("sender blocked"),
        N_("The sender is on the account's blocklist."),
        N_("Remove it from the blocklist in the Infobip portal."),
        "sender_number",
    ),
    14: Hint(
        N_("number blocked"),
        N_("The number is on a blocklist of the account or the operator."),
        N_("Remove it from the blocklist in the Infobip portal, or use another handset."),
        "to",
    ),
    15: Hint(
        N_("expired"),
        N_("The validity period ended before the message was delivered."),
        N_("Check that the handset is on, or use a longer Validity Period."),
        "validity_period",
    ),
    17: Hint(
        N_("credit expired"),
        N_("The account's prepaid credit is past its validity."),
        N_("Top it up in the Infobip portal."),
    ),
    18: Hint(
        N_("trial account"),
        N_("A trial account reaches verified numbers only, and this one is not verified."),
        N_("Verify the number in the Infobip portal, or upgrade the account."),
        "to",
    ),
    19: Hint(
        N_("no route"),
        N_("The account has no route for this message."),
        N_("Have your account manager at Infobip set one up."),
    ),
    20: Hint(
        N_("flooding filter"),
        N_("The number got more than 20 messages, or 6 of the same text, within an hour."),
        N_("Change the text, or use another handset; do not repeat it."),
        "text",
    ),
    21: Hint(
        N_("Infobip fault"),
        N_("Infobip has a fault of its own."),
        N_("Try again later; nothing was sent."),
    ),
    23: Hint(
        N_("id used before"),
        N_("A message with this id is there already, so this one was not sent."),
        N_("Look the earlier one up in the Infobip portal. A new run uses a new id."),
    ),
    25: Hint(
        N_("too long"),
        N_("The text has more than 25 parts or 4,000 bytes."),
        N_("Shorten it."),
        "text",
    ),
    31: Hint(
        N_("not sent"),
        N_("The message was not sent."),
        N_("Read Infobip's own text below."),
    ),
    51: Hint(N_("no recipient"), N_("The recipient is missing."), N_("Fill in Number."), "to"),
    52: Hint(
        N_("invalid number"), N_("No operator has numbers that begin like this."), _NUMBER, "to"
    ),
    56: Hint(
        N_("webhook refused"),
        N_("The address for delivery reports is malformed."),
        N_("Correct it."),
    ),
    77: Hint(
        N_("too long"),
        N_("The text of an MMS has more than 1,600 characters."),
        N_("Shorten it."),
        "text",
    ),
    87: Hint(N_("fraud guard"), N_("Infobip's guard against fraud stopped it."), _SUPPORT),
    100: Hint(
        N_("platform refused"),
        N_("The request is malformed, or the service is down for now."),
        N_("Compare Request with Infobip's reference, or try again later."),
    ),
}
"""States that are final and bad, by ``status.id``."""

_EXPIRED = STATUS_HINTS[15]

_UNREACHABLE = Hint(
    N_("unreachable"),
    N_("The handset is off or out of reach."),
    N_("Check that it is on and has signal, then try once more."),
    "to",
)

ERROR_HINTS: dict[int, Hint] = {
    1: Hint(
        N_("unknown number"),
        N_("The network does not know the number."),
        N_("Dial it to see whether it exists."),
        "to",
    ),
    6: _UNREACHABLE,
    27: _UNREACHABLE,
    351: Hint(N_("invalid number"), N_("The operator does not take this number."), _NUMBER, "to"),
    368: Hint(
        N_("sender refused"),
        N_("The operator does not take this sender."),
        N_("Use another sender, or ask your account manager at Infobip."),
        "sender_number",
    ),
    572: Hint(
        N_("unregistered"),
        N_("The US campaign is not registered with this operator, or not active."),
        N_("Have the sender's campaign registered."),
        "sender_number",
    ),
    603: Hint(
        N_("opted out"),
        N_("The recipient replied STOP to this sender."),
        N_("Stop; the recipient has to opt in again first."),
        "to",
    ),
    4098: _EXPIRED,
    4101: _EXPIRED,
    7002: Hint(
        N_("no RCS"),
        N_("The recipient is not on RCS."),
        N_("Let the message fall back to SMS."),
        "to",
    ),
}
"""Reasons of a bad state, by ``error.id``."""

GROUP_HINTS: dict[int, Hint] = {
    2: Hint(
        N_("not delivered"),
        N_("The message could not be delivered."),
        N_("Read Infobip's own text below."),
    ),
    4: _EXPIRED,
    5: Hint(
        N_("rejected"),
        N_("Infobip rejected the message."),
        N_("Read Infobip's own text below."),
    ),
}
"""Bad states by ``status.groupId``, for ids that are not known here."""
