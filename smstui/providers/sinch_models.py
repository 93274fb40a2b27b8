"""The credentials of Sinch, Sinch MMS and Sinch RCS: Adobe's fields, and smstui's under Advanced.

Sinch is the SMS API: a service plan and its token. Sinch MMS and Sinch RCS are the Conversation
API: a project, an app and an access key, in Base64 as Adobe's form wants it or as its two halves.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, ClassVar, Self
from urllib.parse import quote

from pydantic import SecretStr

from smstui.i18n import N_
from smstui.providers.base import Credential
from smstui.providers.dataset_fields import DatasetField, UseCustomDatasetField
from smstui.providers.endpoints import check_url
from smstui.providers.fields import GROUP_ADVANCED, FieldSpec, Kind
from smstui.providers.phone import check_any_sender, check_sender, phone_note, tidy_phone
from smstui.providers.sinch_fields import (
    MAX_CALLBACK_URL,
    ApiHostField,
    ConversationRegionField,
    SmsRegionField,
    check_key_id,
    check_override_url,
    check_plan,
    check_plan_token,
    check_ulid,
    check_uuid,
    encoded_pair,
    key_pair,
)
from smstui.providers.sinch_hosts import US, conversation_url, sms_url
from smstui.providers.tokens import tidy_token


@dataclass(frozen=True, slots=True)
class Plan:
    """A service plan of the SMS API, and where in the form it stands.

    Attributes:
        plan_id: the plan's id.
        token: the plan's own token.
        region: where it lives; without meaning when there is an API host.
        api_host: a host in the place of the region's; empty for none.
        id_field: the field with the id.
        token_field: the field with the token.
    """

    plan_id: str
    token: SecretStr = field(repr=False)
    region: str
    api_host: str
    id_field: str
    token_field: str

    def url(self, path: str) -> str:
        """Return the URL of a path of the plan: ``/batches``."""
        base = sms_url(self.region, self.api_host)
        return f"{base}/xms/v1/{quote(self.plan_id, safe='')}{path}"

    def login(self) -> tuple[str, str]:
        """Return the Authorization header."""
        return ("Authorization", f"Bearer {self.token.get_secret_value()}")

    def moved(self, region: str) -> Self:
        """Return the same plan as if it lived elsewhere."""
        return replace(self, region=region)


class SinchCredential(Credential):
    """The fields of Adobe's form for vendor Sinch, in its order, and Advanced."""

    service_id: Annotated[
        str,
        FieldSpec(
            label=N_("Service ID"),
            help=N_("Under APIs, SMS: the plan's id. New plans are not sold since 2026-04-15."),
            required=True,
            check=check_plan,
            summary=True,
        ),
    ]
    api_token: Annotated[
        SecretStr,
        FieldSpec(
            label=N_("API Token"),
            kind=Kind.SECRET,
            help=N_("The token beside that plan; no access key, no Base64."),
            required=True,
            tidy=tidy_token,
            check=check_plan_token,
            account="service_id",
        ),
    ]
    inbound_number: Annotated[
        str,
        FieldSpec(
            label=N_("Inbound Number"),
            help=N_("The number replies come to, and the sender here. Empty: the plan's default."),
            placeholder="+12065550100",
            tidy=tidy_phone,
            check=check_sender,
            note=phone_note,
            summary=True,
        ),
    ] = ""
    override_url: Annotated[
        str,
        FieldSpec(
            label=N_("Override URL"),
            help=N_("Delivery reports go there, instead of to the plan's callback URL."),
            placeholder="https://hooks.example.com/sinch",
            max_length=MAX_CALLBACK_URL,
            check=check_override_url,
        ),
    ] = ""
    use_custom_dataset_for_inbound: UseCustomDatasetField = False
    dataset: DatasetField = ""
    region: SmsRegionField = US
    api_host: ApiHostField = ""

    @property
    def plan(self) -> Plan:
        """The service plan."""
        return Plan(
            self.service_id, self.api_token, self.region, self.api_host, "service_id", "api_token"
        )


class ConversationCredential(Credential):
    """What Sinch MMS and Sinch RCS have in common: an app of the Conversation API, and its login.

    Attributes:
        channels: what the app must have; the first carries messages, the others are its fallback.
    """

    channels: ClassVar[tuple[str, ...]]

    project_id: Annotated[
        str,
        FieldSpec(
            label=N_("Project ID"),
            help=N_("In the Sinch dashboard, on the overview of the Conversation API."),
            required=True,
            length=36,
            check=check_uuid,
            summary=True,
        ),
    ]
    app_id: Annotated[
        str,
        FieldSpec(
            label=N_("App ID"),
            help=N_("The Conversation API's app in that project."),
            required=True,
            length=26,
            check=check_ulid,
            summary=True,
        ),
    ]
    api_token: Annotated[
        SecretStr | None,
        FieldSpec(
            label=N_("API Token"),
            kind=Kind.SECRET,
            help=N_("An access key as Base64 of id:secret. Or type its halves under Advanced."),
            tidy=tidy_token,
            account="project_id",
        ),
    ] = None
    region: ConversationRegionField = US
    key_id: Annotated[
        str,
        FieldSpec(
            label=N_("Key ID"),
            help=N_("Not Adobe's: with Key secret it makes the API Token for you."),
            group=GROUP_ADVANCED,
            check=check_key_id,
            goes_with="key_secret",
        ),
    ] = ""
    key_secret: Annotated[
        SecretStr | None,
        FieldSpec(
            label=N_("Key secret"),
            kind=Kind.SECRET,
            help=N_("Sinch shows it once, when the access key is made."),
            group=GROUP_ADVANCED,
            account="project_id",
        ),
    ] = None
    api_host: ApiHostField = ""

    @classmethod
    def specs(cls) -> dict[str, FieldSpec]:
        """Return the field specs by field name: Adobe's first, then Advanced."""
        specs = super().specs()
        return dict(sorted(specs.items(), key=lambda item: bool(item[1].group)))

    def secrets(self) -> tuple[SecretStr, ...]:
        """Return the secrets that are set, also the key secret inside the API Token."""
        token = self.api_token.get_secret_value() if self.api_token is not None else ""
        pair = key_pair(token)
        return (*super().secrets(), *([SecretStr(pair[1])] if pair else []))

    def login(self) -> tuple[str, str]:
        """Return the Authorization header: of Key ID and secret when they are there.

        Basic is what Adobe's field holds, and Sinch allows it for tests, with a low rate limit.
        """
        token = self.api_token or SecretStr("")
        if self.key_id and self.key_secret is not None:
            token = encoded_pair(self.key_id, self.key_secret)
        return ("Authorization", f"Basic {token.get_secret_value()}")

    def url(self, path: str, region: str = "") -> str:
        """Return the URL of a path of the project, in its own region or in another one."""
        base = conversation_url(region or self.region, self.api_host)
        return f"{base}/v1/projects/{self.project_id}{path}"


class SinchMmsCredential(ConversationCredential):
    """The fields of Adobe's form for vendor Sinch MMS, and Advanced."""

    channels = ("MMS",)

    sender_number: Annotated[
        str,
        FieldSpec(
            label=N_("Sender number"),
            help=N_("Not Adobe's: the number or short code that test messages come from."),
            group=GROUP_ADVANCED,
            tidy=tidy_phone,
            check=check_sender,
            note=phone_note,
        ),
    ] = ""
    test_media: Annotated[
        str,
        FieldSpec(
            label=N_("Test media"),
            help=N_("Not Adobe's: https address of the picture in test messages, below 1 MB."),
            placeholder="https://www.example.com/picture.jpg",
            group=GROUP_ADVANCED,
            max_length=2000,
            check=check_url,
        ),
    ] = ""


class SinchRcsCredential(ConversationCredential):
    """The fields of Adobe's form for vendor Sinch RCS, and Advanced."""

    channels = ("RCS", "SMS")

    service_plan_id: Annotated[
        str,
        FieldSpec(
            label=N_("Service Plan ID"),
            help=N_("The SMS plan for what RCS cannot deliver; in the app's region."),
            required=True,
            check=check_plan,
        ),
    ]
    sms_api_token: Annotated[
        SecretStr,
        FieldSpec(
            label=N_("SMS API Token"),
            kind=Kind.SECRET,
            help=N_("The token beside that plan; no access key, no Base64."),
            required=True,
            tidy=tidy_token,
            check=check_plan_token,
            account="service_plan_id",
        ),
    ]
    use_custom_dataset_for_inbound: UseCustomDatasetField = False
    dataset: DatasetField = ""
    api_rate_limit: Annotated[
        int,
        FieldSpec(
            label=N_("API rate limit (requests per second)"),
            kind=Kind.NUMBER,
            help=N_("The most calls that Adobe makes each second; 0 is no limit."),
            minimum=0,
            default=0,
        ),
    ] = 0
    sender_number: Annotated[
        str,
        FieldSpec(
            label=N_("Sender number"),
            help=N_("Not Adobe's: the sender of test messages that fall back to SMS."),
            group=GROUP_ADVANCED,
            tidy=tidy_phone,
            check=check_any_sender,
            note=phone_note,
        ),
    ] = ""

    @property
    def plan(self) -> Plan:
        """The service plan of the fallback."""
        return Plan(
            self.service_plan_id,
            self.sms_api_token,
            self.region,
            self.api_host,
            "service_plan_id",
            "sms_api_token",
        )
