"""Sinch's way to RCS: all of it by API but the questionnaire; sent as the native Sinch RCS.

Wire format: Sinch's reference of the Provisioning API, RCS senders, and of the Conversation API,
apps. Sender, app and SMS plan live in one region.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from smstui.i18n import N_, _
from smstui.providers.base import Provider, Request
from smstui.providers.fields import Draft, FieldSpec, Issue, Severity, Value, text_of
from smstui.providers.hosts import base_url
from smstui.providers.sinch import SinchRcsProvider
from smstui.providers.sinch_conversation import secrets_of_app
from smstui.providers.sinch_models import ConversationCredential, SinchRcsCredential
from smstui.rcs.base import (
    Action,
    Errand,
    Limits,
    Progress,
    SentPart,
    Setup,
    WebhookDraft,
)
from smstui.rcs.content import Content
from smstui.rcs.profile import ProfileLimits, profile_specs
from smstui.rcs.routes import sinch_app as app
from smstui.rcs.routes import sinch_content
from smstui.rcs.routes import sinch_status as status
from smstui.rcs.routes.common import Perform, ProfileRoute, named, offered, without_empty
from smstui.rcs.routes.sinch_tasks import TASKS

PROVISIONING_HOST = "provisioning.api.sinch.com"
"""One host for all regions."""

_COUNTRIES = "AT BE BR CA CZ DK FI FR DE GR HU IT MX NL NO PE PL PT SG SK ES SE US GB"
"""Countries of a sender, by Sinch's reference of the Provisioning API."""

_PROFILE = (
    *("brand_name", "description", "color", "logo", "banner"),
    *("phone", "phone_label", "email", "email_label", "website", "website_label"),
    *("privacy", "terms", "billing_category", "use_case", "countries", "test_numbers"),
    *("contact_name", "contact_title", "contact_email", "opt_in", "opt_in_image", "opt_out"),
    *("trigger", "interactions", "video"),
)
_CREDENTIAL = (
    *("project_id", "app_id", "api_token", "service_plan_id", "sms_api_token"),
    *("sender_number", "region", "key_id", "key_secret", "api_host"),
)
"""Fields that the set-up and its credential have in common."""


class RcsAlone(SinchRcsProvider):
    """Sends by the RCS channel alone, so that no SMS makes a broken sender look sound."""

    def body(
        self, credential: SinchRcsCredential, to: str, text: str, reference: str
    ) -> dict[str, Any]:
        """Return the body of one RCS message without its fallback."""
        body = super().body(credential, to, text, reference)
        identities = body["recipient"]["identified_by"]["channel_identities"]
        alone = [identity for identity in identities if identity["channel"] == app.RCS]
        body["recipient"] = {"identified_by": {"channel_identities": alone}}
        body["channel_priority_order"] = [app.RCS]
        body.pop("channel_properties", None)
        return body


class SinchRoute(ProfileRoute):
    """RCS by Sinch's Conversation API, and the sender by its Provisioning API."""

    name = "Sinch"
    how = N_("Nearly all by API from here; send as the native vendor Sinch RCS.")
    credential_vendor = "Sinch RCS"
    has_fallback_choice = False
    needed = (
        *("brand_name", "description", "color", "logo", "banner"),
        *("privacy", "terms", "billing_category", "use_case", "countries"),
    )
    one_of = ("phone", "email")
    limits = Limits(
        text=3072,
        title=200,
        description=2000,
        suggestion=25,
        suggestions=10,
        card_suggestions=10,
        cards=(2, 10),
        source="https://developers.sinch.com/docs/conversation/channel-support/rcs/",
        carousel_suggestions=3,
    )
    tasks = TASKS

    def account_fields(self) -> Mapping[str, FieldSpec]:
        specs = SinchRcsCredential.specs()
        own = offered(specs, *_CREDENTIAL)
        own["region"] = dataclasses.replace(
            own["region"],
            help=N_("Of app, sender and SMS plan alike; fixed once the sender exists."),
            group="",
        )
        own["sender_number"] = dataclasses.replace(
            own["sender_number"],
            label=N_("SMS sender of the fallback"),
            help=N_("What the SMS comes from where RCS cannot; empty for the plan's default."),
            group="",
        )
        sender = FieldSpec(
            label=N_("Sender ID"),
            help=N_("Of the RCS sender at Sinch; it is filled in when it is created here."),
            max_length=100,
            check=status.check_sender_id,
            summary=True,
        )
        return {"project_id": own.pop("project_id"), "sender_id": sender, **own}

    def profile_fields(self) -> Mapping[str, FieldSpec]:
        limits = ProfileLimits(
            description=100,
            use_cases=("OTP", "TRANSACTIONAL", "PROMOTIONAL", "MULTIUSE"),
            countries=_COUNTRIES,
            other_countries=Severity.ERROR,
        )
        return profile_specs(limits, _PROFILE)

    def rules(self, draft: Draft) -> Iterable[Issue]:
        if any(text_of(draft.get(name)) for name in ("api_token", "key_id", "key_secret")):
            yield from SinchRcsProvider().rules(draft)
        yield from self.rules_of_profile(draft)

    def profile_document(self, setup: Setup) -> dict[str, Any]:
        return without_empty(
            {
                "region": self.text(setup, "region").upper(),
                "billingCategory": self.text(setup, "billing_category"),
                "useCase": self.text(setup, "use_case"),
                "details": self._details(setup),
            }
        )

    def _details(self, setup: Setup) -> dict[str, Any]:
        brand = without_empty(
            {
                "name": self.text(setup, "brand_name"),
                "description": self.text(setup, "description"),
                "color": self.text(setup, "color"),
                "logoUrl": self.text(setup, "logo"),
                "bannerUrl": self.text(setup, "banner"),
                "privacyPolicyUrl": self.text(setup, "privacy"),
                "termsOfServiceUrl": self.text(setup, "terms"),
                "phones": self.contacts(setup, "phone", "number"),
                "emails": self.contacts(setup, "email", "address"),
                "websites": self.contacts(setup, "website", "url"),
            }
        )
        return without_empty({"brand": brand, "countries": self.words(setup, "countries")})

    def actions(self, setup: Setup) -> Sequence[Action]:
        if not self._can_log_in(setup):
            return ()
        if not self.is_sound(setup, "sender_id"):
            if not self.is_complete(setup):
                return ()
            fixed = N_("Region, billing category and use case stay as they are for good.")
            create = Action("create_sender", N_("Create the sender"), confirm=fixed, task="sender")
            return (create,)
        found = []
        if self.is_complete(setup):
            found.append(
                Action(
                    "update_brand",
                    N_("Write brand and countries to the sender"),
                    confirm=N_("What the sender has there is replaced by the profile."),
                    task="brand",
                )
            )
        ask = {"test_number": self.test_number_field(setup)}
        again = N_("A device that was verified has to accept anew.")
        found += [
            Action("add_test_number", N_("Invite a test device"), asks=ask, task="test_device"),
            Action(
                "retry_test_number",
                N_("Invite it again"),
                asks=ask,
                confirm=again,
                task="test_device",
            ),
        ]
        if self.is_sound(setup, "app_id"):
            found.append(
                Action(
                    "link_app",
                    N_("Put the sender on the app"),
                    confirm=N_("The app's other channels stay; an RCS channel is replaced."),
                    task="link",
                )
            )
        found.append(
            Action(
                "launch",
                N_("Launch the sender"),
                confirm=N_("This begins the review by Sinch, Google and the carriers."),
                task="launch",
            )
        )
        return found

    def performers(self) -> Mapping[str, Perform]:
        return {
            "create_sender": lambda setup, _asked: self._create_sender(setup),
            "update_brand": lambda setup, _asked: self._update_brand(setup),
            "add_test_number": self._add_test_number,
            "retry_test_number": self._retry_test_number,
            "link_app": lambda setup, _asked: self._link_app(setup),
            "launch": lambda setup, _asked: self._launch(setup),
        }

    def ask_status(self, setup: Setup) -> Errand | None:
        knows = self.is_sound(setup, "sender_id") or self.is_sound(setup, "brand_name")
        return self._status(setup) if self._can_log_in(setup) and knows else None

    def webhooks(self, setup: Setup) -> Sequence[WebhookDraft]:
        draft: dict[str, Value] = {"name": named(setup, "replies and reports")}
        if self.is_sound(setup, "sender_id"):
            draft["sender_phone_number"] = f"rcs:{self.text(setup, 'sender_id')}"
        return (WebhookDraft("Sinch Conversational", draft),)

    def credential(self, setup: Setup, *, with_fallback: bool) -> dict[str, Value]:
        """Return a draft of Sinch RCS. It always falls back to SMS: the vendor has no switch."""
        draft: dict[str, Value] = {"name": named(setup)}
        specs = self.specs()
        for name in _CREDENTIAL:
            if text := self.text(setup, name):
                draft[name] = self.secret(setup, name) if specs[name].is_secret else text
        return draft

    @property
    def test_provider(self) -> Provider[Any]:
        return RcsAlone()

    def code_hint(self, code: str) -> str:
        return _(status.CODES.get(code, ""))

    def content_rules(self, content: Content) -> Iterable[Issue]:
        return sinch_content.rules(content)

    def as_sent(self, content: Content) -> Sequence[SentPart]:
        return (sinch_content.as_sent(content),)

    def _can_log_in(self, setup: Setup) -> bool:
        has_login = self.is_sound(setup, "api_token") or self.is_sound(
            setup, "key_id", "key_secret"
        )
        return (
            has_login
            and self.is_sound(setup, "project_id", "region")
            and self.is_usable(setup, "api_host")
        )

    def _credential(self, setup: Setup) -> ConversationCredential:
        return ConversationCredential(
            name="-",
            project_id=self.text(setup, "project_id"),
            app_id=self.text(setup, "app_id"),
            api_token=self.secret(setup, "api_token"),
            region=self.text(setup, "region"),
            key_id=self.text(setup, "key_id"),
            key_secret=self.secret(setup, "key_secret"),
            api_host=self.text(setup, "api_host"),
        )

    def _sender(self, setup: Setup, path: str = "") -> str:
        return f"/{quote(self.text(setup, 'sender_id'), safe='')}{path}"

    def _create_sender(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        request = _post(credential, "", self.profile_document(setup))
        return status.read_sender((yield request), credential)

    def _update_brand(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        request = _post(credential, self._sender(setup), {"details": self._details(setup)})
        progress = status.read_sender(
            (yield dataclasses.replace(request, method="PATCH")), credential
        )
        return status.with_brand_written(progress)

    def _add_test_number(self, setup: Setup, asked: Draft) -> Errand:
        credential, number = self._credential(setup), text_of(asked.get("test_number"))
        response = yield _post(
            credential, self._sender(setup, "/testNumbers"), {"testNumbers": [number]}
        )
        progress = status.read_invited(response, credential, number)
        if not progress.tasks:
            return progress
        return dataclasses.replace(progress, learned=self.with_test_number(setup, number))

    def _retry_test_number(self, setup: Setup, asked: Draft) -> Errand:
        """Invite once more, by GET as the reference has it; its newest edition calls that old."""
        credential, number = self._credential(setup), text_of(asked.get("test_number"))
        path = self._sender(setup, f"/testNumbers/{quote(number, safe='')}/retry")
        response = yield _get(credential, path)
        if response.status == 405:
            response = yield _post(credential, path, {})
        return status.read_invited(response, credential, number)

    def _link_app(self, setup: Setup) -> Errand:
        """Give the app the sender's channel: a PATCH replaces the list, so the others go along."""
        credential = self._credential(setup)
        response = yield _get(credential, self._sender(setup))
        bearer = app.bearer_of(response, credential)
        if isinstance(bearer, Progress):
            return bearer
        request = app.request(credential)
        channels = app.channels_of((yield request), credential)
        if isinstance(channels, Progress):
            return channels
        changed = Request.json(
            request.url, {"channel_credentials": app.linked(channels, bearer)}, credential.login()
        )
        response = yield dataclasses.replace(changed, method="PATCH", secrets_in=secrets_of_app)
        return app.read_linked(response, credential, bearer)

    def _launch(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        request = _post(credential, self._sender(setup, "/launch"), {})
        return status.read_launched((yield request), credential)

    def _status(self, setup: Setup) -> Errand:
        """Read the sender, by its id or out of the list, then its channel on the app."""
        credential = self._credential(setup)
        path = self._sender(setup)
        if not self.is_sound(setup, "sender_id"):
            found = status.find_sender(
                (yield _get(credential, "")), credential, self.text(setup, "brand_name")
            )
            if isinstance(found, Progress):
                return found
            path = f"/{quote(found, safe='')}"
        response = yield _get(credential, path)
        progress = status.read_sender(response, credential)
        if progress.status is None or not self.is_sound(setup, "app_id"):
            return progress
        question = dataclasses.replace(app.request(credential), optional=True)
        return app.with_app(progress, response, (yield question))


def _url(credential: ConversationCredential, path: str) -> str:
    base = base_url(credential.api_host or PROVISIONING_HOST)
    return f"{base}/v1/projects/{credential.project_id}/rcs/senders{path}"


def _get(credential: ConversationCredential, path: str) -> Request:
    request = Request.get(_url(credential, path), credential.login())
    return dataclasses.replace(request, secrets_in=secrets_of_app)


def _post(credential: ConversationCredential, path: str, document: Any) -> Request:
    request = Request.json(_url(credential, path), document, credential.login())
    return dataclasses.replace(request, secrets_in=secrets_of_app)
