"""Twilio's codes for refused requests: the likeliest cause and what to do.

Source: Twilio's error dictionary (``link``). Twilio splits and rewords codes, so nothing is decided
on them: they choose a hint, and code, text and link are always shown beside it.
"""

from __future__ import annotations

from smstui.i18n import N_
from smstui.providers.answers import Hint
from smstui.providers.twilio_delivery import DELIVERY_HINTS

_ROWS: tuple[tuple[str, Hint], ...] = (
    (
        "20003",
        Hint(
            N_("token refused"),
            N_("Account SID and Auth Token do not belong together, or the account is closed."),
            N_("Copy both again from the Twilio Console, of the same account and region."),
            "auth_token",
        ),
    ),
    (
        "20005 90010",
        Hint(
            N_("account inactive"),
            N_("The Twilio account is not active."),
            N_("Settle the billing in the Twilio Console, or ask Twilio's support."),
            "account_sid",
        ),
    ),
    (
        "20008",
        Hint(
            N_("test credentials"),
            N_("These are Twilio's test credentials; they only create messages to magic numbers."),
            N_("Enter the live Account SID and Auth Token to reach a phone."),
            "account_sid",
        ),
    ),
    (
        "20404",
        Hint(
            N_("not found"),
            N_("A SID in the address is wrong, or it belongs to another account."),
            N_("Check the Account SID and the Message SID, and the API host."),
        ),
    ),
    (
        "20429",
        Hint(
            N_("throttled"),
            N_("Too many requests of this account at a time. This one was not processed."),
            N_("Wait a little, then try again; nothing was sent."),
        ),
    ),
    (
        "20500 20503",
        Hint(
            N_("Twilio fault"),
            N_("Twilio has a fault of its own."),
            N_("Try again later; look at status.twilio.com."),
        ),
    ),
    (
        "21470 90002",
        Hint(
            N_("wrong SID"),
            N_("The Account SID is not one; often an API key SID (SK…) stands in its place."),
            N_("Put the SID that starts with AC into Account SID."),
            "account_sid",
        ),
    ),
    (
        "70051 20403 20006",
        Hint(
            N_("not permitted"),
            N_("The API key or OAuth app lacks a permission."),
            N_("Add the permission in the Twilio Console, or use a Standard key."),
            "api_key_sid",
        ),
    ),
    (
        "21211",
        Hint(
            N_("invalid number"),
            N_("The recipient is not a valid phone number."),
            N_("Write it with + and country code: +393331234567."),
            "to",
        ),
    ),
    (
        "21212",
        Hint(
            N_("invalid sender"),
            N_("The sender is not valid, or a generic or blocked name."),
            N_("Check the Inbound Number, or send through a Messaging Service."),
            "inbound_number",
        ),
    ),
    (
        "21265",
        Hint(
            N_("short code"),
            N_("The recipient is a short code, which takes no messages from outside."),
            N_("Use the number of a handset."),
            "to",
        ),
    ),
    (
        "21266",
        Hint(
            N_("same number"),
            N_("Recipient and sender are the same number."),
            N_("Use another handset."),
            "to",
        ),
    ),
    (
        "21268",
        Hint(
            N_("premium number"),
            N_("The recipient is a premium-rate number."),
            N_("Use another handset."),
            "to",
        ),
    ),
    (
        "21267 10002",
        Hint(
            N_("trial limit"),
            N_("A trial account cannot use this sender or feature."),
            N_("Upgrade the account, or send from a number."),
        ),
    ),
    (
        "21408",
        Hint(
            N_("country off"),
            N_("Sending to the recipient's country is not enabled."),
            N_("Enable it in the Twilio Console: Messaging, Settings, Geo permissions."),
            "to",
        ),
    ),
    (
        "21602",
        Hint(
            N_("no text"),
            N_("The message has neither text nor media."),
            N_("Fill in Message."),
            "text",
        ),
    ),
    (
        "21603",
        Hint(
            N_("no sender"),
            N_("There is nothing to send from."),
            N_("Fill in Message SID with a Messaging Service (MG…), or Inbound Number."),
            "inbound_number",
        ),
    ),
    (
        "21604",
        Hint(N_("no recipient"), N_("The recipient is missing."), N_("Fill in Number."), "to"),
    ),
    (
        "21606",
        Hint(
            N_("sender refused"),
            N_("The sender is not this account's, or cannot send SMS to that country."),
            N_("Check in the Twilio Console that the number is this account's and can send SMS."),
            "inbound_number",
        ),
    ),
    (
        "21608",
        Hint(
            N_("trial account"),
            N_("A trial account reaches verified numbers only, and this one is not verified."),
            N_("Verify the number in the Twilio Console (Verified Caller IDs), or upgrade."),
            "to",
        ),
    ),
    (
        "21609",
        Hint(
            N_("callback refused"),
            N_("The status callback is not a usable address."),
            N_("Use a public https address whose host has no underscore."),
        ),
    ),
    (
        "21610",
        Hint(
            N_("opted out"),
            N_("The recipient replied STOP to this sender."),
            N_("Have START sent from that handset; do not try again before."),
            "to",
        ),
    ),
    (
        "21611",
        Hint(
            N_("queue full"),
            N_("Too many messages wait at this sender."),
            N_("Wait until they are gone, or use more senders."),
        ),
    ),
    (
        "21612",
        Hint(
            N_("no route"),
            N_("There is no route from this sender to this recipient."),
            N_("Use another kind of sender; see Twilio's rules for the country."),
        ),
    ),
    (
        "21614",
        Hint(
            N_("not a mobile"),
            N_("The recipient is not a mobile number."),
            N_("Use the number of a handset."),
            "to",
        ),
    ),
    (
        "21635",
        Hint(
            N_("landline"),
            N_("The recipient is a landline."),
            N_("Use the number of a handset."),
            "to",
        ),
    ),
    (
        "21617",
        Hint(
            N_("too long"),
            N_("The text is longer than 1600 characters."),
            N_("Shorten it."),
            "text",
        ),
    ),
    (
        "21624",
        Hint(
            N_("validity period"),
            N_("The validity period is outside 1 to 36000 seconds."),
            N_("Correct it."),
        ),
    ),
    (
        "21620 21623",
        Hint(
            N_("media refused"),
            N_("A media address is malformed, or there are more than ten."),
            N_("Use complete https addresses, ten at most."),
        ),
    ),
    (
        "21654 21655 21656",
        Hint(
            N_("template refused"),
            N_("The content template is missing or unknown, or its variables are not JSON."),
            N_("Check the template's SID (HX…) and its variables."),
        ),
    ),
    (
        "21659",
        Hint(
            N_("sender refused"),
            N_("The sender is no Twilio number, or a short code of another country."),
            N_("Use a number of this account, in the recipient's country for short codes."),
            "inbound_number",
        ),
    ),
    (
        "21660",
        Hint(
            N_("wrong account"),
            N_("The sender belongs to another account or subaccount."),
            N_("Enter the account that owns it; the WhatsApp sandbox number sends no SMS."),
            "inbound_number",
        ),
    ),
    (
        "21661",
        Hint(
            N_("cannot send SMS"),
            N_("The sender is not able to send SMS."),
            N_("Use a number with the SMS capability."),
            "inbound_number",
        ),
    ),
    (
        "21664 21665 21666 21667",
        Hint(
            N_("fallback refused"),
            N_(
                "The fallback sender does not fit: it needs a Messaging Service with an RCS sender."
            ),
            N_("Send through a service whose pool holds the RCS sender."),
        ),
    ),
    (
        "21701 21705",
        Hint(
            N_("service unknown"),
            N_("The account has no Messaging Service with this SID."),
            N_("Copy the SID (MG…) from the Twilio Console: Messaging, Services."),
            "message_sid",
        ),
    ),
    (
        "21703 21704",
        Hint(
            N_("pool empty"),
            N_("The Messaging Service has no sender for this recipient."),
            N_("Add a sender of that country to the service's sender pool."),
            "message_sid",
        ),
    ),
    (
        "21710 21712",
        Hint(
            N_("sender in use"),
            N_("The sender is in a Messaging Service already."),
            N_("Remove it there first."),
            "message_sid",
        ),
    ),
    (
        "21910",
        Hint(
            N_("channels differ"),
            N_("Sender and recipient are of different channels."),
            N_("Use the same prefix on both, or on none."),
        ),
    ),
)

HINTS = {code: hint for codes, hint in _ROWS for code in codes.split()} | DELIVERY_HINTS
"""Every known code, as text, to its hint."""


def link_to(code: str) -> str:
    """Return Twilio's page on a code; empty for no code."""
    return f"https://www.twilio.com/docs/errors/{code}" if code else ""
