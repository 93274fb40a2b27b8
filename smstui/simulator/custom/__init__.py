"""A simulated provider for vendor Custom, with one way in for each Auth Type.

Messages are posted to ``/custom/{way in}/messages`` as ``{"sender", "recipient", "text"}``.
Accounts (`CustomVendor.accounts` lists them with their secrets and what to expect):

=====================  ============================================================================
none                   lets everybody in
API key in a header    X-API-Key
API key in the         ?key=
address
Basic, Bearer          HTTP Basic; a fixed bearer token
MAC                    draft-ietf-oauth-v2-http-mac-01, HMAC-SHA-256; each nonce once
OAuth                  /custom/oauth/token takes a form; tokens hold for 5 minutes
OAuth, JSON body       /custom/oauth-json/token takes JSON
OAuth, short-lived     tokens hold for 5 seconds
JWT                    HS256; issuer, audience and expiry are checked
login, then bearer     /custom/session/login takes HTTP Basic, gives data.token for 5 minutes
form                   HTTP Basic; the message is a form, and the id comes as sid
errors in a 200        whatever is sent, HTTP 200 with an error text
mTLS                   a port of its own with TLS, for the client certificate of this account, 400
                       without one; its authority, made at start, is at /custom/authority.pem
=====================  ============================================================================

A wrong login is 401 with ``{"error": {"code", "message"}}``, a missing field 400, a recipient that
is not E.164 422, the wrong Content-Type 415. The last five digits of the recipient:

=====================  ============================================================================
50400                  400, refused
50401                  with a token: 401 every other time, so that a new one has to be fetched
50200                  200 with ``"status": "REJECTED"``
50201                  200 with an error text and no id
50202                  accepted, an error text beside the id
50203                  200 with an error in plain text
20429 20500 20503      HTTP 429, 500, 503; nothing is sent
00502 00301 00504 …    what `smstui.simulator.tricks` lists: gateway, redirect, slow, broken answers
50300                  accepted; its report says UNDELIVERABLE, 301
00999                  accepted; no report follows SENT
07867 04357 78278      delivered, and answered: STOP, HELP, START, YES on a phone's keys
00937
anything else          accepted, 201 with a message id; delivered after 2.5 seconds
=====================  ============================================================================

What becomes of a message is told to the account's webhook alone: ``{"clientReference", "sender",
"recipient", "statuses": [{"code", "status", "time"}]}``, and a text ``{"id", "from", "to",
"message": {"text"}, "receivedAt"}``, signed in X-Signature when there is a secret, and once more
after 5 seconds when nobody takes it.

What came in is told at /simulator/custom/messages, which is no part of any provider.
"""

from __future__ import annotations

import json
import ssl
from urllib.parse import urlsplit

from starlette.routing import BaseRoute

from smstui.i18n import _
from smstui.simulator.core import AccountInfo, Callback, Hook, Incoming, World
from smstui.simulator.custom import calls
from smstui.simulator.custom.certificates import Authority, Pair
from smstui.simulator.custom.logins import CLIENT_ID, JWT_CLAIMS, MAC_ID, USER, Login
from smstui.simulator.custom.sending import AUTHORITY_PATH, FORM_TYPE, Provider

VENDOR = "Custom"
CLIENT_NAME = "smstui simulator client"

_PAYLOAD = '{"sender": "{{fromNumber}}", "recipient": "{{toNumber}}", "text": "{{message}}"}'


class CustomVendor:
    """The provider for vendor Custom as the simulator offers it."""

    def __init__(self, world: World) -> None:
        self._provider = Provider(world)
        self._client: Pair | None = None
        self.tls_url = ""

    def routes(self) -> list[BaseRoute]:
        """Return its HTTP routes."""
        return [*self._provider.routes()]

    def tls_context(self) -> ssl.SSLContext:
        """Return the mTLS port's side of TLS, with an authority made just now."""
        authority = self._provider.authority = Authority()
        self._client = authority.issue(CLIENT_NAME)
        return authority.server_context()

    def accounts(self, url: str) -> list[AccountInfo]:
        """Return its logins for a simulator that listens at url."""
        return [*self._simple(url), *self._asking(url), *self._special(url)]

    def set_webhook(self, account: AccountInfo, hook: Hook) -> None:
        """Have the owner of an account called at these URLs."""
        self._provider.hooks[_login_of(account)] = hook

    def incoming(self, account: AccountInfo, text: Incoming) -> list[Callback]:
        """Return the call that a subscriber's text makes; none when no URL is set."""
        hook, ids = self._provider.hooks.get(_login_of(account), Hook()), self._provider.world.ids
        return list(calls.text(hook, ids, text.number, text.to, text.text, text.due))

    def _simple(self, url: str) -> list[AccountInfo]:
        doors = self._provider.doors
        key = {"auth_type": "api_key", "api_token": doors.api_key}
        return [
            _info(
                url,
                Login.BEARER,
                "Bearer",
                _("A fixed token."),
                auth_type="bearer",
                api_token=doors.bearer,
            ),
            _info(
                url,
                Login.BASIC,
                "Basic",
                _("User and password with each message."),
                auth_type="basic",
                user_name=USER,
                password=doors.password,
            ),
            _info(
                url,
                Login.API_KEY_HEADER,
                "API key in a header",
                _("The key goes into X-API-Key."),
                **key,
                api_key_place="header",
                api_key_name="X-API-Key",
            ),
            _info(
                url,
                Login.API_KEY_QUERY,
                "API key in the address",
                _("The key goes into the address, as key."),
                **key,
                api_key_place="query",
                api_key_name="key",
            ),
            _info(
                url,
                Login.MAC,
                "MAC",
                _("Each message is signed; a nonce is good once."),
                auth_type="mac",
                api_token=MAC_ID,
                api_secret_key=doors.mac_key,
                mac_authorization_hash_format="hmac-sha-256",
            ),
            _info(
                url,
                Login.JWT,
                "JWT",
                _("A signed token, made anew for each message."),
                auth_type="jwt",
                jwt_payload=json.dumps(JWT_CLAIMS | {"exp": 300}),
                jwt_algorithm="HS256",
                jwt_key=doors.jwt_key,
            ),
            _info(url, Login.NONE, "none", _("Lets everybody in."), auth_type="none"),
        ]

    def _asking(self, url: str) -> list[AccountInfo]:
        doors = self._provider.doors
        body = json.dumps(
            {
                "grant_type": "client_credentials",
                "client_id": CLIENT_ID,
                "client_secret": doors.client_secret,
            }
        )

        def oauth(login: Login, label: str, note: str, encoding: str = "form") -> AccountInfo:
            return _info(
                url,
                login,
                label,
                note,
                auth_type="oauth",
                oauth_url=f"{url}/custom/{login}/token",
                oauth_body=body,
                oauth_encoding=encoding,
            )

        return [
            oauth(Login.OAUTH, "OAuth", _("Tokens hold for five minutes.")),
            oauth(
                Login.OAUTH_JSON,
                "OAuth, JSON body",
                _("The token endpoint takes JSON, and no form."),
                "json",
            ),
            oauth(Login.OAUTH_SHORT, "OAuth, short-lived", _("Tokens hold for five seconds.")),
            _info(
                url,
                Login.SESSION,
                "login, then bearer",
                _("A Basic login gives a token for five minutes."),
                auth_type="login_bearer",
                login_url=f"{url}/custom/session/login",
                login_method="POST",
                user_name=USER,
                password=doors.password,
                token_path="data.token",  # noqa: S106 - where the token stands
            ),
        ]

    def _special(self, url: str) -> list[AccountInfo]:
        doors = self._provider.doors
        infos = [
            _info(
                url,
                Login.FORM,
                "form",
                _("The message goes as a form; its id comes back as sid."),
                auth_type="basic",
                user_name=USER,
                password=doors.password,
                headers=json.dumps({"Content-Type": FORM_TYPE, "Charset": "utf-8"}),
                message_id_extraction="field_match",
                message_id_path="sid",
            ),
            _info(
                url,
                Login.ERRORS,
                "errors in a 200",
                _("Every message is answered with HTTP 200 and an error text."),
                auth_type="bearer",
                api_token=doors.bearer,
            ),
        ]
        if self._client is not None:
            note = _(
                "Wants this client certificate. Trust its authority first: {url}, by way of {name}."
            )
            infos.append(
                _info(
                    self.tls_url,
                    Login.MTLS,
                    "mTLS",
                    note.format(url=f"{url}{AUTHORITY_PATH}", name="SSL_CERT_FILE"),
                    auth_type="none",
                    mtls_support="true",
                    client_certificate=self._client.certificate,
                    client_key=self._client.key,
                )
            )
        return infos


def _login_of(account: AccountInfo) -> Login:
    """Return the way in that an account's messages take: each has a path of its own."""
    return Login(urlsplit(account.fields["provider_url"]).path.split("/")[2])


def _info(url: str, login: Login, label: str, note: str, **fields: str) -> AccountInfo:
    common = {
        "provider_appid": "acme-1",
        "provider_name": "Acme relay",
        "provider_url": f"{url}/custom/{login}/messages",
        "channel_type": "SMS",
        "provider_payload": _PAYLOAD,
        "message_id_extraction": "dot_path",
        "message_id_path": "messages.0.id",
        "sender_number": "ACME",
    }
    return AccountInfo(VENDOR, label, common | fields, note)
