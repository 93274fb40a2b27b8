"""Twilio's webhooks: form posts, signed with the Auth Token; replies, and states of messages.

Wire format: Twilio's pages on messaging webhooks and their security. Adobe takes no webhooks for
this vendor.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.base import mask
from smstui.providers.fields import FieldSpec, Kind, text_of
from smstui.providers.payload import FORM_TYPE
from smstui.providers.twilio_answers import state_outcome
from smstui.text import clean, shorten_middle
from smstui.times import iso
from smstui.webhooks.base import (
    Answer,
    Call,
    EventKind,
    HandOver,
    Reading,
    Refused,
    Webhook,
    WebhookType,
    WebhookVendor,
)
from smstui.webhooks.signatures import (
    TWILIO_HEADER,
    body_hash,
    is_twilio_signature,
    same,
    twilio_signature,
    without_login,
)
from smstui.webhooks.vendors.reading import (
    feedback,
    form_pairs,
    inbound,
    is_form,
    misread,
    one_line,
    other,
    parse_body,
)

_SETTINGS_HEADER = "X-Twilio-Webhooks-Signature-Settings"
"""Of calls signed with a shared key instead of the Auth Token; names the algorithm."""

_RECEIVED = ("receiving", "received")
_MOST_MEDIA = 50
_EXTRAS = {
    "ButtonText": "buttonText",
    "ButtonPayload": "buttonPayload",
    "ButtonType": "buttonType",
    "Latitude": "latitude",
    "Longitude": "longitude",
    "Address": "address",
    "Label": "label",
    "ProfileName": "profileName",
    "ChannelMetadata": "channelMetadata",
    "InteractiveData": "interactiveData",
    "NumSegments": "parts",
    "OptOutType": "optOutType",
}
"""Parameters of a reply that are worth seeing, and how they are called in a mapping."""

_OWN_ANSWERS = frozenset(
    {"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
    | {"START", "YES", "UNSTOP", "HELP", "INFO"}
)
"""Twilio's pages on Advanced Opt-Out and on opt-out keywords."""

_SAMPLE_ACCOUNT = "AC00112233445566778899aabbccddeeff"


class TwilioWebhooks(WebhookVendor):
    """Webhooks that Twilio calls."""

    vendor = "Twilio"
    credential_vendors = ("Twilio", "Custom")
    remark = N_("Adobe takes no webhooks for Twilio. This console receives them all the same.")
    is_needed = False
    own_answers = _OWN_ANSWERS

    def own_fields(self) -> Mapping[str, FieldSpec]:
        return {
            "signing_token": FieldSpec(
                label=N_("Auth Token for signatures"),
                kind=Kind.SECRET,
                help=N_("Not Adobe's: only if the credential has none. An API key signs nothing."),
            )
        }

    def authenticate(self, webhook: Webhook, call: Call) -> None:
        token = _token(webhook)
        if not token:
            raise Refused(
                _(
                    "No Auth Token is known to check the signature with: fill in Auth Token for "
                    "signatures. Twilio signs with it even where an API key logs in."
                ),
                word=_("no token"),
            )
        given = call.header(TWILIO_HEADER)
        if not given:
            raise Refused(
                _(
                    "The call has no {header}: it is not Twilio's, or a proxy on the way drops it."
                ).format(header=TWILIO_HEADER),
                word=_("no signature"),
            )
        signed = _signed_parameters(call)
        if not is_twilio_signature(given.strip(), token, call.url, signed, _algorithm(call)):
            raise Refused(
                _(
                    "The signature does not fit {url}. Twilio signs the URL as it was typed in the "
                    "Console: compare scheme, host, port and path with the public URL set here, "
                    "and look at proxies in between. Or the Auth Token is another account's."
                ).format(url=shorten_middle(clean(without_login(call.url)), 200)),
                word=_("bad signature"),
            )

    def read(self, webhook: Webhook, call: Call) -> list[Reading]:
        if call.method != "GET" and not is_form(call) and call.body:
            parse_body(call)
            return [other(_("JSON event"))]
        pairs = _query(call) if call.method == "GET" else form_pairs(call)
        values = {one_line(name): one_line(value) for name, value in pairs}
        sid = values.get("MessageSid") or values.get("SmsSid") or ""
        if not sid:
            raise misread(_("MessageSid is missing."))
        state = (values.get("MessageStatus") or values.get("SmsStatus") or "").lower()
        if state and state not in _RECEIVED:
            return [_feedback(values, sid, state)]
        return [_inbound(values, sid, call.received)]

    def answer(self, webhook: Webhook, readings: Sequence[Reading] = ()) -> Answer:
        if any(reading.kind is EventKind.INBOUND for reading in readings):
            return Answer(200, "text/xml", b'<?xml version="1.0" encoding="UTF-8"?><Response/>')
        return Answer(204, "", b"")

    def sample(self, webhook: Webhook, url: str, type: WebhookType, now: datetime) -> Call:  # noqa: A002 - the field's name
        sid = f"SM{int(now.timestamp() * 1000):032x}"
        number = webhook.text("sender_phone_number") or "+15005550006"
        common = {"AccountSid": _account(webhook), "MessageSid": sid, "SmsSid": sid}
        common |= {"ApiVersion": "2010-04-01"}
        if type is WebhookType.FEEDBACK:
            state = {"MessageStatus": "delivered", "SmsStatus": "delivered"}
            values = common | state | {"From": number, "To": "+15555550123"}
        else:
            values = common | {
                "SmsMessageSid": sid,
                "SmsStatus": "received",
                "From": "+15555550123",
                "To": number,
                "Body": "STOP",
                "NumMedia": "0",
                "NumSegments": "1",
            }
        headers = (
            ("Content-Type", f"{FORM_TYPE}; charset=utf-8"),
            (TWILIO_HEADER, twilio_signature(_token(webhook), url, values.items())),
        )
        return Call("POST", url, headers, urlencode(values).encode("ascii"), now)

    def hand_over(self, webhook: Webhook, url: str) -> HandOver:
        token = _token(webhook)
        steps = (
            _(
                "In the Twilio Console, open the number under Phone Numbers, or the Messaging "
                "Service under Integration."
            ),
            _("Under A message comes in, choose Webhook, paste the URL, and leave HTTP POST."),
            _(
                "Paste the same URL as the status callback: of the Messaging Service, or as "
                "StatusCallback of each message."
            ),
            _(
                "For RCS, set it in the RCS sender and in its Messaging Service alike: which of "
                "the two counts is not documented."
            ),
            _("Text STOP to the number from a handset, and watch the event arrive."),
        )
        settings = [
            (_("Webhook URL"), url),
            (_("Method"), "HTTP POST"),
            (_("Signed with the Auth Token"), mask(SecretStr(token)) if token else _("not set")),
        ]
        adobe = _(
            "Adobe takes no webhooks for Twilio; for RCS it has a Custom webhook, which takes JSON "
            "only, and Twilio posts forms."
        )
        return HandOver(steps, settings, adobe)


def _token(webhook: Webhook) -> str:
    """Return what Twilio signs with: the webhook's own token, else that of its credential.

    A Custom credential for Twilio has it as the password beside the Account SID.
    """
    if webhook.text("signing_token") or webhook.credential is None:
        return webhook.text("signing_token")
    draft = webhook.credential.draft()
    if text_of(draft.get("user_name")).startswith("AC"):
        return text_of(draft.get("password"))
    return text_of(draft.get("auth_token"))


def _account(webhook: Webhook) -> str:
    draft = webhook.credential.draft() if webhook.credential else {}
    return text_of(draft.get("account_sid")) or _SAMPLE_ACCOUNT


def _algorithm(call: Call) -> str:
    settings = call.header(_SETTINGS_HEADER).upper().replace(" ", "").split(",")
    return "sha256" if "ALGORITHM=HMAC_SHA256" in settings else "sha1"


def _signed_parameters(call: Call) -> list[tuple[str, str]]:
    """Return the parameters that the signature covers.

    Of a body that is no form, the URL carries the hash.

    Raises:
        Refused: the body is not the one that was signed.
    """
    if call.method == "GET" or not call.body:
        return []
    if is_form(call):
        return form_pairs(call)
    hashes = [value for name, value in _query(call) if name == "bodySHA256"]
    if not hashes or not same(body_hash(call.body), hashes[0]):
        raise Refused(
            _(
                "The body is no form, and the URL does not carry its hash (bodySHA256): nothing "
                "proves that it is Twilio's."
            ),
            word=_("body not signed"),
        )
    return []


def _query(call: Call) -> list[tuple[str, str]]:
    query = call.url.partition("#")[0].partition("?")[2]
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=1000)
    except ValueError:
        raise misread(_("The URL has too many parameters."), _("too long")) from None


def _feedback(values: Mapping[str, str], sid: str, state: str) -> Reading:
    record = {
        "from": values.get("From"),
        "num_media": "1" if sid.startswith("MM") else "0",
        "error_code": values.get("ErrorCode"),
        "error_message": values.get("ChannelStatusMessage"),
    }
    return feedback(
        state_outcome(record, state, sid),
        state=state,
        key=f"{sid}:{state}",
        sender=values.get("From", ""),
        recipient=values.get("To", ""),
        code=values.get("ErrorCode", ""),
        eventType=values.get("EventType", ""),
    )


def _inbound(values: Mapping[str, str], sid: str, received: datetime) -> Reading:
    media = [
        {
            "url": values.get(f"MediaUrl{number}", ""),
            "contentType": values.get(f"MediaContentType{number}", ""),
        }
        for number in range(_MOST_MEDIA)
        if values.get(f"MediaUrl{number}")
    ]
    extras = {shown: values.get(name, "") for name, shown in _EXTRAS.items()}
    return inbound(
        text=values.get("Body") or extras["buttonText"],
        sender=values.get("From", ""),
        recipient=values.get("To", ""),
        request_id=sid,
        at=iso(received),
        channel="MMS" if media else "SMS",
        media=media,
        **extras,
    )
