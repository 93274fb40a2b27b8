"""What Sinch's codes mean: of refused requests, of delivery reports, of the Conversation API.

Source: Sinch's pages on the status codes of the SMS API, and on errors and delivery reports of the
Conversation API. Nothing but a hint is decided on a code; code and text are always shown beside it.
"""

from __future__ import annotations

from smstui.i18n import N_
from smstui.providers.answers import Hint

SMS_HINTS: dict[str, Hint] = {
    "syntax_invalid_json": Hint(
        N_("request refused"),
        N_("Sinch cannot read the body of the request."),
        N_("Compare Request with Sinch's reference, and report it."),
    ),
    "syntax_invalid_parameter_format": Hint(
        N_("format refused"),
        N_("A number, or another value, is not written as Sinch wants it."),
        N_("Write numbers with their country code; check Number and Inbound Number."),
    ),
    "syntax_constraint_violation": Hint(
        N_("value refused"),
        N_("A value that is needed is missing, or one passes its limit."),
        N_("Read Sinch's own text below."),
    ),
    "missing_callback_url": Hint(
        N_("no callback URL"),
        N_("A delivery report is asked for, and Sinch knows no address to send it to."),
        N_("Fill in Override URL, or set the plan's callback URL in the Sinch dashboard."),
        "override_url",
    ),
    "unknown_group": Hint(
        N_("unknown group"),
        N_("The recipient is a group that the plan does not have."),
        N_("Use the number of a handset."),
        "to",
    ),
    "unknown_campaign": Hint(
        N_("unknown campaign"),
        N_("The campaign does not belong to this sender."),
        N_("Check the sender's campaign in the Sinch dashboard."),
        "inbound_number",
    ),
}
"""Codes of refused requests (HTTP 400 and 403) of the SMS API."""

_MEDIA = N_("Use a public https address, with the file's true Content-Type, below 1 MB.")

REPORT_HINTS: dict[str, Hint] = {
    "402": Hint(
        N_("no route"),
        N_("Sinch has no route to this number."),
        N_("Check the number; else ask Sinch's support about the route."),
        "to",
    ),
    "403": Hint(
        N_("Sinch fault"),
        N_("Sinch has a fault of its own."),
        N_("Try again later; look at Sinch's status page."),
    ),
    "404": Hint(
        N_("failed for now"),
        N_("Delivery failed for a reason that passes."),
        N_("Send again later."),
    ),
    "405": Hint(
        N_("value missing"),
        N_("A parameter of the text has no value for this recipient."),
        N_("Leave out ${…} in the text."),
        "text",
    ),
    "406": Hint(
        N_("expired"),
        N_("The message expired before it was sent."),
        N_("Send again; if it happens again, the plan's queue is too long."),
    ),
    "407": Hint(
        N_("cancelled"),
        N_("The message was cancelled before it was sent."),
        N_("Ask who else uses this plan, then send again."),
    ),
    "408": Hint(
        N_("rejected"),
        N_("The carrier rejects the message for good."),
        N_("Check number, sender and text; in the US, the sender's registration."),
    ),
    "410": Hint(
        N_("no sender"),
        N_("The plan has no default sender for the recipient's country."),
        N_("Fill in Inbound Number with a sender of this plan."),
        "inbound_number",
    ),
    "411": Hint(
        N_("too many parts"),
        N_("The text takes more parts than the plan allows."),
        N_("Shorten it; an emoji more than halves what fits into a part."),
        "text",
    ),
    "412": Hint(
        N_("country off"),
        N_("The plan may not send to the recipient's country."),
        N_("Ask your account manager at Sinch to enable it."),
        "to",
    ),
    "413": Hint(
        N_("account blocked"),
        N_("The account is blocked, perhaps for lack of credit."),
        N_("Look at the billing in the Sinch dashboard."),
    ),
    "414": Hint(N_("media address"), N_("The address of the media is not valid."), _MEDIA),
    "415": Hint(N_("media refused"), N_("The media were rejected."), _MEDIA),
    "416": Hint(N_("media refused"), N_("Media of this kind are not supported."), _MEDIA),
    "417": Hint(N_("media unreachable"), N_("Sinch cannot fetch the media."), _MEDIA),
    "418": Hint(N_("media refused"), N_("The kind of the media is not recognised."), _MEDIA),
}
"""Codes of delivery reports of the SMS API that end badly. 0 is delivered; 400 and 401 are progress
(queued, dispatched), not HTTP errors."""

STATUS_HINTS: dict[int, Hint] = {
    400: Hint(
        N_("request refused"),
        N_("A value is missing or malformed, or the app lacks the channel."),
        N_("Read Sinch's own text below; check App ID and the app's channels."),
    ),
    403: Hint(
        N_("not permitted"),
        N_("The access key belongs to another project, or the account has no credit."),
        N_("Check Project ID against the access key, and the billing."),
        "project_id",
    ),
    404: Hint(
        N_("app not found"),
        N_("The app is not in this project, or in another region."),
        N_("Check Region first, then copy Project ID and App ID from the Sinch dashboard."),
        "app_id",
    ),
    429: Hint(
        N_("throttled"),
        N_("Too many requests at a time; Sinch allows few by Basic login, which is for tests."),
        N_("Wait a little, then try again."),
    ),
}
"""The Conversation API's refusals by HTTP status; 401 depends on the kind of login."""

_CHANNEL = N_("Set the channel up again in the Sinch dashboard, with the right bearer.")
_LATER = N_("Send again later.")
_REFUSED = N_("Do not send it again as it is.")
_NUMBER = N_("Check the recipient's number.")

_REASONS: tuple[tuple[str, Hint], ...] = (
    (
        "BILLING_CREDIT_LIMIT_BREACHED",
        Hint(
            N_("no credit"),
            N_("The project's credit is used up."),
            N_("Look at the billing in the Sinch dashboard."),
        ),
    ),
    (
        "CHANNEL_CONFIGURATION_MISSING",
        Hint(N_("channel missing"), N_("The app lacks the channel."), _CHANNEL, "app_id"),
    ),
    (
        "CHANNEL_BAD_CONFIGURATION",
        Hint(N_("channel wrong"), N_("The app's channel is set up wrongly."), _CHANNEL, "app_id"),
    ),
    (
        "RECIPIENT_NOT_REACHABLE",
        Hint(
            N_("no RCS"),
            N_("The handset has no RCS, or the number is unknown."),
            N_("Let the message fall back to SMS."),
            "to",
        ),
    ),
    (
        "RECIPIENT_INVALID_CHANNEL_IDENTITY",
        Hint(N_("invalid number"), N_("The recipient's number is malformed."), _NUMBER, "to"),
    ),
    (
        "NO_CHANNELS_LEFT NO_CHANNEL_IDENTITY_FOR_CONTACT",
        Hint(
            N_("no channel left"),
            N_("Every channel was tried, or none is known for the recipient."),
            _NUMBER,
            "to",
        ),
    ),
    (
        "MEDIA_NOT_REACHABLE MEDIA_TOO_LARGE MEDIA_TYPE_UNSUPPORTED",
        Hint(
            N_("media refused"),
            N_("The media cannot be fetched, are too large, or of a kind that does not work."),
            _MEDIA,
            "test_media",
        ),
    ),
    (
        "CHANNEL_FAILURE RATE_LIMITED DELIVERY_TIMED_OUT",
        Hint(N_("failed for now"), N_("Delivery failed for a reason that passes."), _LATER),
    ),
    (
        "CHANNEL_REJECT DELIVERY_REJECTED_DUE_TO_POLICY NO_PERMISSION",
        Hint(N_("rejected"), N_("The channel refuses the message."), _REFUSED),
    ),
    (
        "RECIPIENT_NOT_OPTED_IN",
        Hint(N_("not opted in"), N_("The recipient has not opted in."), _REFUSED, "to"),
    ),
)

REASON_HINTS: dict[str, Hint] = {code: hint for codes, hint in _REASONS for code in codes.split()}
"""Reasons of the Conversation API, as reports carry them, and refusals in their text."""
