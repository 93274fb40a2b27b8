"""The way to RCS by any other provider: a checklist, Google's limits, and two custom webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smstui.i18n import N_
from smstui.providers.auth import AuthType
from smstui.providers.custom_fields import CustomCredential
from smstui.providers.fields import FieldSpec, Value, text_of
from smstui.providers.payload import parse_json
from smstui.providers.presets import PRESETS
from smstui.rcs.base import (
    Action,
    Errand,
    Limits,
    Setup,
    Task,
    WebhookDraft,
    Where,
)
from smstui.rcs.profile import ProfileLimits, profile_specs
from smstui.rcs.routes.common import (
    Perform,
    ProfileRoute,
    document_text,
    named,
    offered,
    without_empty,
)
from smstui.webhooks.base import WebhookType
from smstui.webhooks.vendors.custom_template import TEMPLATES

_PROFILE = (
    *("brand_name", "display_name", "description", "color", "logo", "banner"),
    *("phone", "phone_label", "email", "email_label", "website", "website_label"),
    *("privacy", "privacy_label", "terms", "terms_label"),
    *("billing_category", "use_case", "hosting_region", "countries", "test_numbers"),
    *("contact_name", "contact_title", "contact_email", "opt_in", "opt_in_image", "opt_out"),
    *("trigger", "interactions", "reviewer_access", "video"),
)


class OtherRoute(ProfileRoute):
    """RCS by a provider that is not known here."""

    name = "Other"
    how = N_("Any provider with an HTTP API: all by its console; send as vendor Custom.")
    credential_vendor = "Custom"
    is_rcs_alone_sure = False
    needed = ("display_name", "description", "color", "logo", "banner", "privacy", "terms")
    one_of = ("phone", "email", "website")
    limits = Limits(
        text=3072,
        title=200,
        description=2000,
        suggestion=25,
        suggestions=11,
        card_suggestions=4,
        cards=(2, 10),
        source="https://developers.google.com/business-communications/rcs-business-messaging",
    )
    tasks = (
        Task(
            "sender",
            N_("Create the sender"),
            N_("In the provider's console: export the profile, paste it there."),
            Where.CONSOLE,
            N_("the provider"),
        ),
        Task(
            "test_device",
            N_("Test device"),
            N_("Google lets an agent invite 20 a day, 200 in all."),
            Where.CONSOLE,
            N_("the owner of the handset"),
        ),
        Task(
            "callbacks",
            N_("Webhooks at the provider"),
            N_("In its console: the URL for replies, and the one for delivery reports."),
            Where.CONSOLE,
        ),
        Task(
            "launch",
            N_("Launch, by country"),
            N_("Opt-in, opt-out, a video that shows STOP; mostly 4 to 6 weeks."),
            Where.CONSOLE,
            N_("the provider's and Google's review"),
            usual=N_("4 to 6 weeks"),
        ),
        Task(
            "carriers",
            N_("Approval by the carriers"),
            N_("One carrier is enough to go live with its subscribers."),
            Where.ELSEWHERE,
            N_("the carriers"),
        ),
    )

    def account_fields(self) -> Mapping[str, FieldSpec]:
        specs = CustomCredential.specs()
        sender = FieldSpec(
            label=N_("Sender ID"),
            help=N_("The RCS sender's id or name at the provider: {{fromNumber}}."),
            max_length=200,
            summary=True,
        )
        return {
            **offered(specs, "provider_name", "provider_appid", "provider_url"),
            "sender_id": sender,
        }

    def profile_fields(self) -> Mapping[str, FieldSpec]:
        return profile_specs(ProfileLimits(), _PROFILE)

    def profile_document(self, setup: Setup) -> dict[str, Any]:
        """Return the profile by the names of its fields, as no provider's format is known."""
        return without_empty({name: self.text(setup, name) for name in self.profile_fields()})

    def actions(self, setup: Setup) -> Sequence[Action]:
        return ()

    def performers(self) -> Mapping[str, Perform]:
        return {}

    def ask_status(self, setup: Setup) -> Errand | None:
        return None

    def webhooks(self, setup: Setup) -> Sequence[WebhookDraft]:
        replies: dict[str, Value] = {
            "name": named(setup, "replies"),
            "type": WebhookType.INBOUND.value,
            "payload": TEMPLATES[WebhookType.INBOUND],
        }
        sender = self.text(setup, "sender_id")
        if sender:
            replies["sender_phone_number"] = f"rcs:{sender.removeprefix('rcs:')}"
        reports: dict[str, Value] = {
            "name": named(setup, "reports"),
            "type": WebhookType.FEEDBACK.value,
            "payload": TEMPLATES[WebhookType.FEEDBACK],
        }
        return (WebhookDraft("Custom", replies), WebhookDraft("Custom", reports))

    def credential(self, setup: Setup, *, with_fallback: bool) -> dict[str, Value]:
        """Return the bare preset, filled; how a provider falls back to SMS is a guess to edit."""
        draft = next(preset for preset in PRESETS if preset.name == "Plain JSON").draft()
        draft |= {"name": named(setup), "channel_type": "RCS", "auth_type": AuthType.BEARER.value}
        for name in ("provider_name", "provider_url"):
            draft[name] = self.text(setup, name) or draft[name]
        draft["provider_appid"] = self.text(setup, "provider_appid") or named(setup)
        if sender := self.text(setup, "sender_id"):
            draft["sender_number"] = sender
        payload = parse_json(text_of(draft["provider_payload"])) | {"channel": "RCS"}
        if with_fallback:
            payload |= {"fallback": {"channel": "SMS", "text": "{{message}}"}}
        draft["provider_payload"] = document_text(payload)
        return draft
