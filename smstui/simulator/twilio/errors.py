"""How Twilio says no: codes with their HTTP status and text, as JSON, XML or problem details.

Codes and meanings: Twilio's error dictionary. Statuses are 400 unless the docs or observed
traffic tell otherwise; the text is Twilio's where it is known, and close to it elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

MORE_INFO = "https://www.twilio.com/docs/errors/{code}"

_TEXTS: dict[int, tuple[int, str]] = {
    20001: (400, "Missing required parameter {name} in the post body"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20005: (403, "Account {account} is not active"),
    20008: (403, "Resource not accessible with Test Account Credentials"),
    20404: (404, "The requested resource {path} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21211: (400, "Invalid 'To' Phone Number: {to}"),
    21212: (400, "Invalid 'From' Phone Number: {sender}"),
    21265: (400, "'To' number cannot be a Short Code: {to}"),
    21266: (400, "'To' and 'From' number cannot be the same: {to}"),
    21267: (400, "Alphanumeric Sender ID cannot be used as the 'From' number on trial accounts"),
    21268: (400, "'To' number {to} is a premium number"),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' "
        "number: {to}",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' or 'MessagingServiceSid' parameter is required to send a message."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number provided ({sender}) is not a valid message-capable Twilio phone "
        "number for this destination/account",
    ),
    21608: (
        400,
        "The number {masked} is unverified. Trial accounts cannot send messages to unverified "
        "numbers; verify {masked} at twilio.com/user/account/phone-numbers/verified, or purchase "
        "a Twilio number to send messages to unverified numbers",
    ),
    21609: (400, "The 'StatusCallback' URL {url} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (
        400,
        "This 'From' number has exceeded the maximum number of queued messages: {sender}",
    ),
    21612: (
        400,
        "Message cannot be sent with the current combination of 'To' ({to}) and/or 'From' "
        "({sender}) parameters",
    ),
    21614: (400, "'To' number is not a valid mobile number: {to}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s): {url}"),
    21623: (400, "Number of media files exceeds allowed limit of 10"),
    21624: (400, "The validity period value {value} is invalid. It is 1 to 36000 seconds."),
    21635: (400, "'To' number cannot be a landline: {to}"),
    21654: (400, "ContentSid is required when ContentVariables is given"),
    21655: (400, "The ContentSid {value} is invalid"),
    21656: (400, "The ContentVariables parameter is invalid"),
    21659: (400, "'From' {sender} is not a Twilio phone number or Short Code country mismatch"),
    21660: (400, "Mismatch between the 'From' number {sender} and the account {account}"),
    21661: (400, "'From' number {sender} is not SMS-capable"),
    21664: (400, "'FallbackFrom' cannot be used with a 'From' sender"),
    21665: (400, "Invalid 'FallbackFrom' sender: {sender}"),
    21666: (400, "'FallbackFrom' requires MessagingServiceSid"),
    21667: (400, "'FallbackFrom' requires the Messaging Service to have an RCS Sender"),
    21701: (404, "The Messaging Service does not exist: {service}"),
    21703: (
        400,
        "The Messaging Service does not have a phone number available to send a message",
    ),
    21704: (400, "The Messaging Service contains no phone numbers"),
    21705: (400, "The Messaging Service Sid {service} is invalid"),
    21710: (409, "Sender {sender} already exists in this Messaging Service"),
    21712: (409, "Sender {sender} is associated with another Messaging Service"),
    21910: (400, "Invalid 'From' and 'To' pair. They should be of the same channel"),
    63007: (400, "Twilio could not find a Channel with the specified From address"),
    63100: (400, "Validation error"),
    63105: (400, "This action is not allowed for the channel"),
    63106: (400, "The test device is not RCS capable"),
    63107: (400, "The test device is not a number in E.164 format"),
    63108: (400, "The sender is not ready for test devices"),
    70051: (403, "Authorization error: the API key lacks the permission {permission}"),
    90002: (400, "AccountSid {account} is invalid"),
    10002: (400, "Trial account does not support the feature: RCS"),
}


class Refusal(Exception):
    """An answer that is not a success: its HTTP status, Twilio's code and text."""

    def __init__(
        self,
        code: int,
        *,
        message: str = "",
        detail: str = "",
        errors: Sequence[tuple[str, str]] = (),
        **names: str,
    ) -> None:
        """Refuse with a known code.

        Args:
            code: one of the codes of the table above.
            message: a text in place of the usual one.
            detail: the text of the optional ``detail`` member.
            errors: what is wrong, by place in the body, in newer services.
            names: what fills the placeholders of the text.
        """
        self.code = code
        self.status, text = _TEXTS[code]
        self.message = message or text.format(**names)
        self.detail = detail
        self.errors = errors
        super().__init__(f"{code} {self.message}")

    def record(self) -> dict[str, Any]:
        """Return the classic error body."""
        record: dict[str, Any] = {"code": self.code}
        if self.detail:
            record["detail"] = self.detail
        return record | {
            "message": self.message,
            "more_info": MORE_INFO.format(code=self.code),
            "status": self.status,
        }

    def problem(self) -> dict[str, Any]:
        """Return the body of newer services (RFC 9457)."""
        return {
            "type": MORE_INFO.format(code=self.code),
            "title": self.message,
            "status": self.status,
            "code": self.code,
            "detail": self.detail or self.message,
            "instance": None,
            "errors": [{"detail": said, "pointer": place} for place, said in self.errors],
        }


def not_authenticated(message: str = "Authenticate") -> Refusal:
    """Return the refusal of a login, in one of the wordings that Twilio uses.

    Args:
        message: "Authenticate" for a wrong secret; others name what is missing or unknown.
    """
    return Refusal(20003, message=message, detail="Your AccountSid or AuthToken was incorrect.")
