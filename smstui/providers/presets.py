"""Starting points for the custom provider: providers whose send calls are published.

A preset fills the form as far as it can. What only the admin knows stands in it as a blank,
``<Account SID>``, which the form's checks ask to replace, or is a field that stays empty. None was
tried against the provider itself; each names the page that it was made from.
"""

from __future__ import annotations

from typing import Any

from smstui.i18n import N_
from smstui.providers.auth import AuthType
from smstui.providers.extraction import Extraction
from smstui.providers.fields import Pairs, Preset, Value
from smstui.providers.payload import FORM_TYPE

_JSON: Pairs = (("Content-Type", "application/json"), ("Charset", "utf-8"))
_FORM: Pairs = (("Content-Type", FORM_TYPE), ("Charset", "utf-8"))


def _fills(
    provider_name: str,
    provider_url: str,
    channel_type: str,
    payload: str,
    message_id: tuple[Extraction, str],
    headers: Pairs = _JSON,
    **others: Any,
) -> dict[str, Value]:
    return {
        "provider_name": provider_name,
        "provider_url": provider_url,
        "channel_type": channel_type,
        **others,
        "headers": headers,
        "provider_payload": payload.strip(),
        "message_id_extraction": message_id[0].value,
        "message_id_path": message_id[1],
    }


def _api_key(prefix: str) -> dict[str, Any]:
    return {
        "auth_type": AuthType.API_KEY.value,
        "api_key_place": "header",
        "api_key_name": "Authorization",
        "api_key_prefix": prefix,
    }


PRESETS = (
    Preset(
        name="Twilio RCS",
        fills=_fills(
            "Twilio",
            "https://api.twilio.com/2010-04-01/Accounts/<Account SID>/Messages.json",
            "RCS",
            """
{
  "To": "rcs:{{toNumber}}",
  "MessagingServiceSid": "{{fromNumber}}",
  "Body": "{{message}}"
}
""",
            (Extraction.FIELD_MATCH, "sid"),
            _FORM,
            auth_type=AuthType.BASIC.value,
            user_name="<Account SID>",
        ),
        asks=("password", "sender_number"),
        remark=N_(
            "RCS only, so that a broken RCS sender shows; without rcs: an SMS steps in. Sender "
            "number is the Messaging Service (MG…), Password the Auth Token. Twilio takes forms; "
            "Adobe documents JSON alone, so Journey Optimizer may need a relay between."
        ),
        source="https://www.twilio.com/docs/rcs/send-an-rcs-message",
    ),
    Preset(
        name="Infobip RCS",
        fills=_fills(
            "Infobip",
            "https://<Base URL>/rcs/2/messages",
            "RCS",
            """
{
  "messages": [
    {
      "sender": "{{fromNumber}}",
      "destinations": [{"to": "{{toNumber}}"}],
      "content": {"type": "TEXT", "text": "{{message}}"}
    }
  ]
}
""",
            (Extraction.DOT_PATH, "messages.0.messageId"),
            number_format="digits",
            **_api_key("App"),
        ),
        asks=("api_token", "sender_number"),
        remark=N_(
            "Sender number is the name of the RCS sender. The key needs the scope "
            "rcs:message:send. Credentials of vendor Infobip cannot be used for RCS."
        ),
        source="https://www.infobip.com/docs/api/channels/rcs",
    ),
    Preset(
        name="Sinch Conversation",
        fills=_fills(
            "Sinch",
            "https://us.conversation.api.sinch.com/v1/projects/<Project ID>/messages:send",
            "RCS",
            """
{
  "app_id": "<App ID>",
  "recipient": {
    "identified_by": {
      "channel_identities": [
        {"channel": "RCS", "identity": "{{toNumber}}"},
        {"channel": "SMS", "identity": "{{toNumber}}"}
      ]
    }
  },
  "message": {"text_message": {"text": "{{message}}"}},
  "channel_priority_order": ["RCS", "SMS"],
  "channel_properties": {"SMS_SENDER": "{{fromNumber}}"}
}
""",
            (Extraction.FIELD_MATCH, "message_id"),
            auth_type=AuthType.LOGIN.value,
            login_url="https://auth.sinch.com/oauth2/token",
            login_method="POST",
            login_body='{"grant_type": "client_credentials"}',
            token_path="access_token",  # noqa: S106 - where the token stands
        ),
        asks=("user_name", "password", "sender_number"),
        remark=N_(
            "User name and Password are key id and key secret of the project. App, RCS agent and "
            "address are in one region: us, eu or br. Both channels must be set up on the app; "
            "leave SMS out to see whether RCS works by itself."
        ),
        source="https://developers.sinch.com/docs/conversation/api-reference/",
    ),
    Preset(
        name="Vonage RCS",
        fills=_fills(
            "Vonage",
            "https://api.nexmo.com/v1/messages",
            "RCS",
            """
{
  "message_type": "text",
  "channel": "rcs",
  "from": "{{fromNumber}}",
  "to": "{{toNumber}}",
  "text": "{{message}}"
}
""",
            (Extraction.FIELD_MATCH, "message_uuid"),
            auth_type=AuthType.BASIC.value,
            number_format="digits",
        ),
        asks=("user_name", "password", "sender_number"),
        remark=N_(
            "User name and Password are API key and API secret. Sender number is the RCS sender's "
            "id. Vonage wants numbers without +. For an SMS, write sms as the channel."
        ),
        source="https://developer.vonage.com/en/api/messages",
    ),
    Preset(
        name="MessageBird SMS",
        fills=_fills(
            "MessageBird",
            "https://rest.messagebird.com/messages",
            "SMS",
            """
{
  "originator": "{{fromNumber}}",
  "recipients": ["{{toNumber}}"],
  "body": "{{message}}"
}
""",
            (Extraction.DOT_PATH, "id"),
            number_format="digits",
            **_api_key("AccessKey"),
        ),
        asks=("api_token", "sender_number"),
        remark=N_("The older interface, for accounts that have not moved to Bird."),
        source="https://developers.messagebird.com/api/sms-messaging/",
    ),
    Preset(
        name="Bird",
        fills=_fills(
            "Bird",
            "https://api.bird.com/workspaces/<Workspace ID>/channels/<Channel ID>/messages",
            "SMS",
            """
{
  "receiver": {
    "contacts": [{"identifierKey": "phonenumber", "identifierValue": "{{toNumber}}"}]
  },
  "body": {"type": "text", "text": {"text": "{{message}}"}},
  "reference": "{{fromNumber}}"
}
""",
            (Extraction.DOT_PATH, "id"),
            **_api_key("AccessKey"),
        ),
        asks=("api_token", "sender_number"),
        remark=N_(
            "The channel decides the sender; Adobe asks for {{fromNumber}} all the same, so it "
            "goes into reference, which may need another name. For RCS use an RCS channel's id."
        ),
        source="https://docs.bird.com/api/channels-api",
    ),
    Preset(
        name="Telnyx RCS",
        fills=_fills(
            "Telnyx",
            "https://api.telnyx.com/v2/messages/rcs",
            "RCS",
            """
{
  "agent_id": "{{fromNumber}}",
  "to": "{{toNumber}}",
  "messaging_profile_id": "<Messaging profile ID>",
  "agent_message": {"content_message": {"text": "{{message}}"}}
}
""",
            (Extraction.DOT_PATH, "data.id"),
            auth_type=AuthType.BEARER.value,
        ),
        asks=("api_token", "sender_number"),
        remark=N_("Sender number is the id of the RCS agent; API Token is a key of API v2."),
        source="https://developers.telnyx.com/api-reference/rcs/send-an-rcs-message",
    ),
    Preset(
        name="Plain JSON",
        fills=_fills(
            "",
            "https://<Host>/<Path>",
            "SMS",
            """
{
  "sender": "{{fromNumber}}",
  "recipient": "{{toNumber}}",
  "text": "{{message}}"
}
""",
            (Extraction.FIELD_MATCH, "id"),
            auth_type=AuthType.BEARER.value,
        ),
        asks=("provider_name", "api_token", "sender_number"),
        remark=N_("A bare beginning for a provider of your own. Rename the keys to its own."),
        source="",
    ),
)
