"""The fields of the custom provider's form that deal with proving who sends.

The types and their labels are Adobe's (page on authentication types). What Adobe does not document
is smstui's own choice, and its help line begins with "Not Adobe's".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.auth import JWT_ALGORITHMS, MAC_HASHES, AuthType
from smstui.providers.certificates import certificate_note, check_certificate, tidy_pem
from smstui.providers.endpoints import check_header_name, check_header_text, check_url
from smstui.providers.fields import Choice, Draft, FieldSpec, Kind, Severity, text_of
from smstui.providers.payload import blank_in, check_json_object, tidy_block

AUTH_TYPES = (
    Choice(AuthType.NONE.value, N_("No Authentication")),
    Choice(AuthType.API_KEY.value, N_("API key")),
    Choice(AuthType.MAC.value, N_("MAC authentication")),
    Choice(AuthType.OAUTH.value, N_("OAuth authentication")),
    Choice(AuthType.JWT.value, N_("JWT authentication")),
    Choice(AuthType.BASIC.value, N_("Basic")),
    Choice(AuthType.BEARER.value, N_("Bearer")),
    Choice(AuthType.LOGIN.value, N_("Login, then bearer (not Adobe's)")),
)

_WITH_TOKEN = (AuthType.API_KEY, AuthType.MAC, AuthType.OAUTH, AuthType.JWT, AuthType.BEARER)
_NAMED = (AuthType.API_KEY, AuthType.MAC, AuthType.OAUTH, AuthType.JWT)
_WITH_USER = (AuthType.BASIC, AuthType.LOGIN)


def _for(*types: AuthType) -> Callable[[Draft], bool]:
    return lambda draft: text_of(draft.get("auth_type")) in types


def _is_key_in_header(draft: Draft) -> bool:
    return _for(AuthType.API_KEY)(draft) and text_of(draft.get("api_key_place")) != "query"


def _has_mtls(draft: Draft) -> bool:
    return draft.get("mtls_support") is True


def _check_user(value: str) -> Iterator[tuple[Severity, str]]:
    if ":" in value:
        yield Severity.ERROR, _("HTTP Basic allows no colon in a user name.")
    if blank := blank_in(value):
        yield Severity.ERROR, _("Put your own value in the place of {blank}.").format(blank=blank)


AuthTypeField = Annotated[
    str,
    FieldSpec(
        label=N_("Auth Type"),
        kind=Kind.CHOICE,
        help=N_("How each message proves who sends it."),
        required=True,
        choices=AUTH_TYPES,
        default=AuthType.NONE.value,
        summary=True,
    ),
]
AuthNameField = Annotated[
    str,
    FieldSpec(
        label=N_("Name of the authentication"),
        help=N_("A label of your choice; it is not sent."),
        max_length=100,
        shown_when=_for(*_NAMED),
    ),
]
ApiTokenField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("API Token"),
        kind=Kind.SECRET,
        help=N_("The key or token. OAuth and JWT do not send it; Adobe's form has it anyway."),
        check=check_header_text,
        shown_when=_for(*_WITH_TOKEN),
    ),
]
ApiKeyPlaceField = Annotated[
    str,
    FieldSpec(
        label=N_("Key goes into"),
        kind=Kind.CHOICE,
        help=N_("Not Adobe's: its form does not say where the key goes."),
        choices=(Choice("header", N_("a header")), Choice("query", N_("the address"))),
        required=True,
        default="header",
        shown_when=_for(AuthType.API_KEY),
    ),
]
ApiKeyNameField = Annotated[
    str,
    FieldSpec(
        label=N_("Key name"),
        help=N_("Not Adobe's: name of the header or parameter, such as Authorization."),
        required=True,
        default="X-API-Key",
        max_length=100,
        check=check_header_name,
        shown_when=_for(AuthType.API_KEY),
    ),
]
ApiKeyPrefixField = Annotated[
    str,
    FieldSpec(
        label=N_("Key prefix"),
        help=N_("Not Adobe's: the word before the key, for example App. A blank follows it."),
        max_length=40,
        check=check_header_text,
        shown_when=_is_key_in_header,
    ),
]
ApiSecretKeyField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("API Secret Key"),
        kind=Kind.SECRET,
        help=N_("Signs each message; it is not sent itself."),
        required=True,
        shown_when=_for(AuthType.MAC),
    ),
]
MacAuthorizationHashFormatField = Annotated[
    str,
    FieldSpec(
        label=N_("Mac Authorization Hash Format"),
        kind=Kind.CHOICE,
        help=N_("Not Adobe's: its list and its format are not published. This signs as IETF MAC."),
        choices=tuple(Choice(name, name.upper()) for name in MAC_HASHES),
        required=True,
        default="hmac-sha-256",
        shown_when=_for(AuthType.MAC),
    ),
]
OAuthUrlField = Annotated[
    str,
    FieldSpec(
        label=N_("OAuth URL"),
        help=N_("The address that gives out tokens. It must not ask for a client certificate."),
        placeholder="https://auth.example.com/oauth2/token",
        required=True,
        max_length=2000,
        check=check_url,
        is_address=True,
        shown_when=_for(AuthType.OAUTH),
    ),
]
OAuthBodyField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("OAuth Body"),
        kind=Kind.SECRET,
        multiline=True,
        help=N_("JSON with grant_type, client_id, client_secret. Kept as a secret as a whole."),
        required=True,
        tidy=tidy_block,
        check=check_json_object,
        shown_when=_for(AuthType.OAUTH),
    ),
]
OAuthEncodingField = Annotated[
    str,
    FieldSpec(
        label=N_("OAuth Body is sent as"),
        kind=Kind.CHOICE,
        help=N_("Not Adobe's: a form is the standard (RFC 6749); some providers want JSON."),
        choices=(Choice("form", N_("a form")), Choice("json", "JSON")),
        required=True,
        default="form",
        shown_when=_for(AuthType.OAUTH),
    ),
]
JwtPayloadField = Annotated[
    str,
    FieldSpec(
        label=N_("JWT Payload"),
        kind=Kind.JSON,
        help=N_("The claims: iss, sub, aud, exp. A small exp counts in seconds from now."),
        required=True,
        tidy=tidy_block,
        check=check_json_object,
        shown_when=_for(AuthType.JWT),
    ),
]
JwtAlgorithmField = Annotated[
    str,
    FieldSpec(
        label=N_("JWT algorithm"),
        kind=Kind.CHOICE,
        help=N_("Not Adobe's: its form does not say how tokens are signed."),
        choices=tuple(Choice(name, name) for name in JWT_ALGORITHMS),
        required=True,
        default="HS256",
        shown_when=_for(AuthType.JWT),
    ),
]
JwtKeyField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("JWT key"),
        kind=Kind.SECRET,
        multiline=True,
        help=N_("Not Adobe's: the shared secret (HS…), or a private key in PEM form."),
        required=True,
        tidy=tidy_pem,
        shown_when=_for(AuthType.JWT),
    ),
]
LoginUrlField = Annotated[
    str,
    FieldSpec(
        label=N_("Login URL"),
        help=N_("Not Adobe's: the address that takes the login and answers with a token."),
        placeholder="https://api.example.com/login",
        required=True,
        max_length=2000,
        check=check_url,
        is_address=True,
        shown_when=_for(AuthType.LOGIN),
    ),
]
LoginMethodField = Annotated[
    str,
    FieldSpec(
        label=N_("Login by"),
        kind=Kind.CHOICE,
        help=N_("Not Adobe's: the HTTP method of the login."),
        choices=(Choice("POST", "POST"), Choice("GET", "GET")),
        required=True,
        default="POST",
        shown_when=_for(AuthType.LOGIN),
    ),
]
LoginBodyField = Annotated[
    str,
    FieldSpec(
        label=N_("Login Body"),
        kind=Kind.JSON,
        help=N_('Not Adobe\'s: sent as a form, such as {"grant_type": "client_credentials"}.'),
        tidy=tidy_block,
        check=check_json_object,
        shown_when=_for(AuthType.LOGIN),
    ),
]
UserNameField = Annotated[
    str,
    FieldSpec(
        label=N_("User name"),
        help=N_("For HTTP Basic."),
        required=True,
        max_length=200,
        check=_check_user,
        shown_when=_for(*_WITH_USER),
        goes_with="password",
    ),
]
PasswordField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("Password"),
        kind=Kind.SECRET,
        help=N_("For HTTP Basic."),
        required=True,
        shown_when=_for(*_WITH_USER),
    ),
]
TokenPathField = Annotated[
    str,
    FieldSpec(
        label=N_("Token in the answer"),
        help=N_("Not Adobe's: a name, or a path such as data.token."),
        required=True,
        default="access_token",
        max_length=200,
        shown_when=_for(AuthType.LOGIN),
    ),
]
MtlsSupportField = Annotated[
    bool,
    FieldSpec(
        label=N_("mTLS support"),
        kind=Kind.SWITCH,
        help=N_("Both ends prove themselves with certificates; with or without an Auth Type."),
        default=False,
    ),
]
ClientCertificateField = Annotated[
    str,
    FieldSpec(
        label=N_("Client certificate"),
        multiline=True,
        help=N_("In PEM form. Journey Optimizer uses its own; this console needs one too."),
        required=True,
        tidy=tidy_pem,
        check=check_certificate,
        note=certificate_note,
        shown_when=_has_mtls,
        goes_with="client_key",
    ),
]
ClientKeyField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("Client key"),
        kind=Kind.SECRET,
        multiline=True,
        help=N_("The certificate's private key, in PEM form."),
        required=True,
        tidy=tidy_pem,
        shown_when=_has_mtls,
    ),
]
ClientKeyPassphraseField = Annotated[
    SecretStr | None,
    FieldSpec(
        label=N_("Client key passphrase"),
        kind=Kind.SECRET,
        help=N_("When the key is encrypted."),
        shown_when=_has_mtls,
    ),
]
