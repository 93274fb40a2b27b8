"""Twilio's codes for messages that were accepted and not delivered, and for its callbacks.

Source: Twilio's error dictionary. They arrive as ``error_code`` of a message.
"""

from __future__ import annotations

from smstui.i18n import N_
from smstui.providers.answers import Hint

_ROWS: tuple[tuple[str, Hint], ...] = (
    (
        "30001",
        Hint(
            N_("queue overflow"),
            N_("The message waited too long in the sender's queue."),
            N_("Send more slowly, or use more senders."),
        ),
    ),
    (
        "30002 30037",
        Hint(
            N_("suspended"),
            N_("The account was suspended, or its outbound messages were switched off."),
            N_("Look at the account in the Twilio Console, or ask Twilio's support."),
            "account_sid",
        ),
    ),
    (
        "30003",
        Hint(
            N_("unreachable"),
            N_("The handset is off, out of reach, or does not exist."),
            N_("Check that it is on and has signal, then try once more."),
            "to",
        ),
    ),
    (
        "30004",
        Hint(
            N_("blocked"),
            N_("The carrier or the recipient blocks messages of this sender."),
            N_("Check that the recipient agreed to messages and did not reply STOP."),
            "to",
        ),
    ),
    (
        "30005",
        Hint(
            N_("unknown number"),
            N_("The number is not, or no longer, in use."),
            N_("Correct the number."),
            "to",
        ),
    ),
    (
        "30006",
        Hint(
            N_("landline"),
            N_("The number is a landline, or its carrier cannot be reached."),
            N_("Use the number of a handset."),
            "to",
        ),
    ),
    (
        "30007",
        Hint(
            N_("filtered"),
            N_("The carrier or Twilio filtered the message as unwanted."),
            N_("Change the text and register the sender; avoid shortened links."),
            "text",
        ),
    ),
    (
        "30008",
        Hint(
            N_("not delivered"),
            N_("The carrier gave no reason."),
            N_("Try once more; if it stays, give Twilio's support three message SIDs."),
        ),
    ),
    (
        "30018 30040",
        Hint(
            N_("unregistered"),
            N_("The recipient's country wants this sender registered beforehand."),
            N_("Register it in the Twilio Console, or use another sender."),
            "inbound_number",
        ),
    ),
    (
        "30024",
        Hint(
            N_("not ready"),
            N_("The sender is not yet provisioned with the carrier."),
            N_("Wait until Twilio tells that it is ready."),
            "inbound_number",
        ),
    ),
    (
        "30032",
        Hint(
            N_("unverified"),
            N_("The toll-free number is not verified."),
            N_("Submit its verification in the Twilio Console."),
            "inbound_number",
        ),
    ),
    (
        "30034",
        Hint(
            N_("unregistered"),
            N_("The US number is not registered for A2P 10DLC."),
            N_("Register brand and campaign in the Twilio Console."),
            "inbound_number",
        ),
    ),
    (
        "30035",
        Hint(
            N_("registering"),
            N_("The registration of the US number is still in progress."),
            N_("Wait until the campaign is approved."),
            "inbound_number",
        ),
    ),
    (
        "30036",
        Hint(
            N_("expired"),
            N_("The validity period ran out before the message could go."),
            N_("Use a longer period; with RCS, check the fallback."),
        ),
    ),
    (
        "30042",
        Hint(
            N_("sender refused"),
            N_("The sender's name is a generic word."),
            N_("Use the name of the brand."),
            "inbound_number",
        ),
    ),
    (
        "30450",
        Hint(
            N_("fraud guard"),
            N_("Twilio's guard against SMS pumping stopped the message."),
            N_("Wait 15 to 30 minutes, or put the number on the safe list."),
            "to",
        ),
    ),
    (
        "63001 63007",
        Hint(
            N_("sender unknown"),
            N_("The channel's login or sender is unknown in this account."),
            N_("Check the sender's id and the account."),
        ),
    ),
    (
        "63003 63024",
        Hint(
            N_("invalid number"),
            N_("The recipient is not valid on this channel."),
            N_("Check the number."),
            "to",
        ),
    ),
    (
        "63005 63013 63021",
        Hint(
            N_("content refused"),
            N_("The channel refused the content, or its policy did."),
            N_("Change the content."),
            "text",
        ),
    ),
    (
        "63018",
        Hint(
            N_("throttled"),
            N_("The channel's rate limit is reached."),
            N_("Send more slowly."),
        ),
    ),
    (
        "63035",
        Hint(
            N_("agent not live"),
            N_(
                "The RCS agent is not launched for this user: no accepted tester, or not approved "
                "in that country or with that carrier."
            ),
            N_(
                "Add the handset as a tester and accept the invitation there, or wait for approval."
            ),
            "to",
        ),
    ),
    (
        "63036",
        Hint(
            N_("no RCS"),
            N_("The phone has no RCS now: off, no business RCS, or switched off on iOS."),
            N_("Switch RCS on, or let the message fall back to SMS."),
            "to",
        ),
    ),
    (
        "63100 63105",
        Hint(
            N_("request refused"),
            N_("The Senders API does not accept this, or not for this channel."),
            N_("Check what was sent."),
        ),
    ),
    (
        "63106 63107 63108",
        Hint(
            N_("tester refused"),
            N_("The test device has no RCS or no valid number, or the sender is not ready."),
            N_("Use another phone, or wait until the sender has left CREATING."),
            "to",
        ),
    ),
    (
        "11200 11205 11210",
        Hint(
            N_("webhook failed"),
            N_("Twilio could not use the webhook: no answer in 15 s, a bad status, or its name."),
            N_("Check the public address, its certificate and its answer."),
        ),
    ),
    (
        "11751 12300",
        Hint(
            N_("media refused"),
            N_("The media file is too large, or of the wrong content type."),
            N_("Use a smaller file, and the right Content-Type."),
        ),
    ),
)

DELIVERY_HINTS = {code: hint for codes, hint in _ROWS for code in codes.split()}
"""Code to hint."""
