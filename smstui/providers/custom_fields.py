"""The custom provider's form: Adobe's fields in Adobe's order, and what smstui adds to them.

Adobe's labels and rules: page on the custom provider. What Adobe does not document is smstui's own
choice, and its help line begins with "Not Adobe's".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import SecretStr

from smstui.i18n import N_
from smstui.providers.base import Credential
from smstui.providers.custom_auth_fields import (
    ApiKeyNameField,
    ApiKeyPlaceField,
    ApiKeyPrefixField,
    ApiSecretKeyField,
    ApiTokenField,
    AuthNameField,
    AuthTypeField,
    ClientCertificateField,
    ClientKeyField,
    ClientKeyPassphraseField,
    JwtAlgorithmField,
    JwtKeyField,
    JwtPayloadField,
    LoginBodyField,
    LoginMethodField,
    LoginUrlField,
    MacAuthorizationHashFormatField,
    MtlsSupportField,
    OAuthBodyField,
    OAuthEncodingField,
    OAuthUrlField,
    PasswordField,
    TokenPathField,
    UserNameField,
)
from smstui.providers.dataset_fields import DatasetField, UseCustomDatasetField
from smstui.providers.endpoints import check_url
from smstui.providers.extraction import Extraction, members
from smstui.providers.fields import Choice, Draft, FieldSpec, Kind, Pairs, text_of
from smstui.providers.payload import InvalidJson, check_template, parse_json, tidy_block
from smstui.secret_forms import is_secret_name

DEFAULT_HEADERS: Pairs = (("Content-Type", "application/json"), ("Charset", "utf-8"))
"""The two rows that cannot be removed; only the value of the first can be edited (Adobe)."""


def _has_extraction(draft: Draft) -> bool:
    return text_of(draft.get("message_id_extraction")) in (
        Extraction.FIELD_MATCH,
        Extraction.DOT_PATH,
    )


class CustomCredential(Credential):
    """The fields of Adobe's form for vendor Custom, and what a send from here needs.

    What belongs to another Auth Type is empty.
    """

    provider_appid: Annotated[
        str,
        FieldSpec(
            label=N_("Provider AppId"),
            help=N_("The application's identifier at your provider."),
            required=True,
            max_length=200,
        ),
    ]
    provider_name: Annotated[
        str,
        FieldSpec(
            label=N_("Provider Name"),
            help=N_("The provider's name, as you want to see it."),
            required=True,
            max_length=200,
            summary=True,
        ),
    ]
    provider_url: Annotated[
        str,
        FieldSpec(
            label=N_("Provider URL"),
            help=N_("The address that takes each message, with https://."),
            placeholder="https://api.example.com/messages",
            required=True,
            max_length=2000,
            check=check_url,
            is_address=True,
            summary=True,
        ),
    ]
    channel_type: Annotated[
        str,
        FieldSpec(
            label=N_("Channel type"),
            kind=Kind.CHOICE,
            help=N_("Labels the traffic, so that reports can be split by channel."),
            choices=(Choice("SMS", "SMS"), Choice("RCS", "RCS"), Choice("MMS", "MMS")),
            summary=True,
        ),
    ] = ""
    auth_type: AuthTypeField
    auth_name: AuthNameField = ""
    api_token: ApiTokenField = None
    api_key_place: ApiKeyPlaceField = ""
    api_key_name: ApiKeyNameField = ""
    api_key_prefix: ApiKeyPrefixField = ""
    api_secret_key: ApiSecretKeyField = None
    mac_authorization_hash_format: MacAuthorizationHashFormatField = ""
    oauth_url: OAuthUrlField = ""
    oauth_body: OAuthBodyField = None
    oauth_encoding: OAuthEncodingField = ""
    jwt_payload: JwtPayloadField = ""
    jwt_algorithm: JwtAlgorithmField = ""
    jwt_key: JwtKeyField = None
    login_url: LoginUrlField = ""
    login_method: LoginMethodField = ""
    login_body: LoginBodyField = ""
    user_name: UserNameField = ""
    password: PasswordField = None
    token_path: TokenPathField = ""
    mtls_support: MtlsSupportField = False
    client_certificate: ClientCertificateField = ""
    client_key: ClientKeyField = None
    client_key_passphrase: ClientKeyPassphraseField = None
    headers: Annotated[
        Pairs,
        FieldSpec(
            label=N_("Headers"),
            kind=Kind.PAIRS,
            help=N_("Content-Type and Charset stay; ten more are possible. Not for secrets."),
            default=DEFAULT_HEADERS,
            locked_rows=(("Content-Type", ""), ("Charset", "utf-8")),
            max_rows=10,
        ),
    ] = DEFAULT_HEADERS
    provider_payload: Annotated[
        str,
        FieldSpec(
            label=N_("Provider Payload"),
            kind=Kind.JSON,
            help=N_("JSON with {{fromNumber}}, {{toNumber}} and {{message}} inside texts."),
            required=True,
            max_length=100_000,
            tidy=tidy_block,
            check=check_template,
        ),
    ]
    message_id_extraction: Annotated[
        str,
        FieldSpec(
            label=N_("Message ID extraction"),
            kind=Kind.CHOICE,
            help=N_("How the message's id is found in the provider's answer."),
            choices=(
                Choice(Extraction.NONE.value, N_("none")),
                Choice(Extraction.FIELD_MATCH.value, N_("Field match")),
                Choice(Extraction.DOT_PATH.value, N_("Dot path")),
            ),
            default=Extraction.NONE.value,
        ),
    ] = Extraction.NONE.value
    message_id_path: Annotated[
        str,
        FieldSpec(
            label=N_("Message ID key or path"),
            help=N_("A key such as messageId, or a path such as messages.0.id."),
            required=True,
            max_length=200,
            shown_when=_has_extraction,
        ),
    ] = ""
    sender_number: Annotated[
        str,
        FieldSpec(
            label=N_("Sender number"),
            help=N_("Not Adobe's: {{fromNumber}} when this console sends; a number, name or id."),
            max_length=200,
            summary=True,
        ),
    ] = ""
    number_format: Annotated[
        str,
        FieldSpec(
            label=N_("Number format"),
            kind=Kind.CHOICE,
            help=N_("Not Adobe's: how {{toNumber}} is written when this console sends."),
            choices=(
                Choice("plus", N_("with +: +393331234567")),
                Choice("digits", N_("digits only: 393331234567")),
            ),
            default="plus",
        ),
    ] = "plus"
    use_custom_dataset_for_inbound: UseCustomDatasetField = False
    dataset: DatasetField = ""

    def secrets(self) -> tuple[SecretStr, ...]:
        """Return the secrets that are set, also those inside the OAuth body."""
        return super().secrets() + tuple(self._in_oauth_body())

    def _in_oauth_body(self) -> Iterator[SecretStr]:
        if self.oauth_body is None:
            return
        try:
            document = parse_json(self.oauth_body.get_secret_value())
        except InvalidJson:
            return
        for key, value in members(document):
            if isinstance(value, str) and value and is_secret_name(key):
                yield SecretStr(value)
