"""Infobip's way to RCS: a sender and its test numbers by API, its launch in the portal.

Wire format: Infobip's OpenAPI file of RCS, service management (early access). The launch asks for
what differs by country; that form is Infobip's own and is filled in there.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.base import Request
from smstui.providers.fields import Draft, FieldSpec, Issue, Severity, Value, text_of
from smstui.providers.infobip import InfobipCredential
from smstui.providers.payload import parse_json
from smstui.providers.presets import PRESETS
from smstui.rcs.base import (
    Action,
    Errand,
    Limits,
    Progress,
    SentPart,
    Setup,
    Task,
    WebhookDraft,
    Where,
)
from smstui.rcs.content import Content
from smstui.rcs.profile import ProfileLimits, profile_specs
from smstui.rcs.routes import infobip_content
from smstui.rcs.routes import infobip_status as status
from smstui.rcs.routes.common import (
    Perform,
    ProfileRoute,
    document_text,
    named,
    offered,
    without_empty,
)
from smstui.webhooks.base import WebhookType

_SENDER_NAME = re.compile(r"(?=.*[a-zA-Z])[a-zA-Z0-9_-]+", re.ASCII)
_LEAST_NAME, _MOST_NAME = 3, 40

_PROFILE = (
    *("brand_name", "display_name", "description", "color", "logo", "banner"),
    *("phone", "phone_label", "email", "email_label", "website", "website_label"),
    *("privacy", "privacy_label", "terms", "terms_label"),
    *("billing_category", "use_case", "hosting_region", "countries", "test_numbers"),
    *("contact_name", "contact_title", "contact_email", "opt_in", "opt_in_image", "opt_out"),
    *("trigger", "interactions", "video"),
)


class InfobipRoute(ProfileRoute):
    """RCS by Infobip's RCS API."""

    name = "Infobip"
    how = N_("Sender and test numbers by API, launch in the portal; send as vendor Custom.")
    credential_vendor = "Custom"
    needed = (
        *("brand_name", "display_name", "description", "color", "logo", "banner"),
        *("privacy", "terms", "billing_category", "use_case", "hosting_region"),
    )
    one_of = ("phone", "email", "website")
    limits = Limits(
        text=3072,
        title=200,
        description=2000,
        suggestion=25,
        suggestions=11,
        card_suggestions=4,
        cards=(2, 10),
        source="https://www.infobip.com/docs/api/channels/rcs",
    )
    tasks = (
        Task(
            "sender",
            N_("Create the sender"),
            N_("By API here or in the portal; ten senders at most. Its name never changes."),
            Where.HERE,
            N_("Infobip"),
        ),
        Task(
            "ready",
            N_("Ready for testing"),
            N_("Infobip makes the agent at Google; mostly within a day."),
            Where.ELSEWHERE,
            N_("Infobip"),
            usual=N_("within a day"),
        ),
        Task(
            "test_device",
            N_("Test device"),
            N_("20 a day, 200 in all; an invitation expires after 24 hours."),
            Where.HERE,
            N_("the owner of the handset"),
        ),
        Task(
            "callbacks",
            N_("Subscriptions to the webhooks"),
            N_("Portal, Subscriptions Management: INBOUND_MESSAGE, SUGGESTION, DELIVERY, SEEN."),
            Where.CONSOLE,
        ),
        Task(
            "launch",
            N_("Launch, by country"),
            N_("In the portal: opt-in, opt-out, video, legal data. It may cost money."),
            Where.CONSOLE,
            N_("Infobip's and Google's review"),
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
        specs = InfobipCredential.specs()
        fallback = dataclasses.replace(
            specs["sender_number"],
            label=N_("SMS sender of the fallback"),
            help=N_("What the SMS comes from where RCS cannot: a number, or a name of 3 to 11."),
            group="",
        )
        return {
            **offered(specs, "api_base_url", "api_key"),
            "sender_name": FieldSpec(
                label=N_("Sender name"),
                help=N_("Of the RCS sender at Infobip, 3 to 40; it never changes."),
                placeholder="DemoSender",
                max_length=_MOST_NAME,
                check=_check_sender_name,
                summary=True,
            ),
            "fallback_sender": fallback,
        }

    def profile_fields(self) -> Mapping[str, FieldSpec]:
        limits = ProfileLimits(brand_name=100, display_name=40, description=100, label=25)
        return profile_specs(limits, _PROFILE)

    def profile_document(self, setup: Setup) -> dict[str, Any]:
        return without_empty(
            {
                "senderName": self.text(setup, "sender_name"),
                "billingCategory": self.text(setup, "billing_category"),
                "useCase": self.text(setup, "use_case"),
                "hostingRegion": self.text(setup, "hosting_region"),
                "brand": without_empty({"brandName": self.text(setup, "brand_name")}),
                "displayName": self.text(setup, "display_name"),
                "description": self.text(setup, "description"),
                "color": self.text(setup, "color"),
                "phones": self.contacts(setup, "phone", "phoneNumber"),
                "emails": self.contacts(setup, "email", "address"),
                "websites": self.contacts(setup, "website", "url"),
                "bannerUrl": self.text(setup, "banner"),
                "logoUrl": self.text(setup, "logo"),
                "privacy": self.labelled(setup, "privacy", "url"),
                "termsOfService": self.labelled(setup, "terms", "url"),
            }
        )

    def actions(self, setup: Setup) -> Sequence[Action]:
        if not self._can_ask(setup):
            return ()
        found = []
        if self.is_complete(setup):
            found.append(
                Action(
                    "create_sender",
                    N_("Create the sender"),
                    confirm=N_("Its name, hosting region and category stay as they are for good."),
                    task="sender",
                )
            )
        ask = {"test_number": self.test_number_field(setup)}
        found += [
            Action("add_test_number", N_("Invite a test device"), asks=ask, task="test_device"),
            Action("refresh_test_number", N_("Invite it again"), asks=ask, task="test_device"),
        ]
        return found

    def performers(self) -> Mapping[str, Perform]:
        return {
            "create_sender": lambda setup, _asked: self._create_sender(setup),
            "add_test_number": self._add_test_number,
            "refresh_test_number": self._refresh_test_number,
        }

    def ask_status(self, setup: Setup) -> Errand | None:
        return self._status(setup) if self._can_ask(setup) else None

    def webhooks(self, setup: Setup) -> Sequence[WebhookDraft]:
        replies: dict[str, Value] = {
            "name": named(setup, "replies"),
            "type": WebhookType.INBOUND.value,
        }
        if self.is_sound(setup, "sender_name"):
            replies["sender_phone_number"] = f"rcs:{self.text(setup, 'sender_name')}"
        reports: dict[str, Value] = {
            "name": named(setup, "reports"),
            "type": WebhookType.FEEDBACK.value,
        }
        return (WebhookDraft("Infobip", replies), WebhookDraft("Infobip", reports))

    def credential(self, setup: Setup, *, with_fallback: bool) -> dict[str, Value]:
        """Return Infobip's preset, filled; the fallback is Infobip's own ``smsFailover``."""
        draft = next(preset for preset in PRESETS if preset.name == "Infobip RCS").draft()
        sender = self.text(setup, "sender_name")
        draft["name"] = named(setup)
        draft["provider_appid"] = sender or named(setup)
        if self.text(setup, "api_base_url"):
            login = self._credential(setup)
            draft["provider_url"] = login.url("/rcs/2/messages")
        if key := self.secret(setup, "api_key"):
            draft["api_token"] = key
        if sender:
            draft["sender_number"] = sender
        if with_fallback:
            payload = parse_json(text_of(draft["provider_payload"]))
            payload["messages"][0]["options"] = infobip_content.with_failover(
                self.text(setup, "fallback_sender"), "{{message}}"
            )
            draft["provider_payload"] = document_text(payload)
        return draft

    def code_hint(self, code: str) -> str:
        return _(status.CODES.get(code, ""))

    def content_rules(self, content: Content) -> Iterable[Issue]:
        return infobip_content.rules(content)

    def as_sent(self, content: Content) -> Sequence[SentPart]:
        return (infobip_content.as_sent(content),)

    def _can_ask(self, setup: Setup) -> bool:
        return self.is_sound(setup, "api_base_url", "api_key", "sender_name")

    def _credential(self, setup: Setup) -> InfobipCredential:
        return InfobipCredential(
            name="-",
            api_base_url=self.text(setup, "api_base_url"),
            api_key=self.secret(setup, "api_key") or SecretStr(""),
        )

    def _sender_path(self, setup: Setup, path: str = "") -> str:
        return f"/rcs/1/senders/{self.text(setup, 'sender_name')}{path}"

    def _create_sender(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        response = yield Request.json(
            credential.url("/rcs/1/senders"), self.profile_document(setup), credential.login()
        )
        return status.read_created(response, self.text(setup, "sender_name"))

    def _add_test_number(self, setup: Setup, asked: Draft) -> Errand:
        credential, number = self._credential(setup), text_of(asked.get("test_number"))
        response = yield Request.json(
            credential.url(self._sender_path(setup, "/test-numbers")),
            {"testNumber": number, "primary": False},
            credential.login(),
        )
        progress = status.read_invited(response, number)
        if not progress.tasks:
            return progress
        return dataclasses.replace(progress, learned=self.with_test_number(setup, number))

    def _refresh_test_number(self, setup: Setup, asked: Draft) -> Errand:
        credential, number = self._credential(setup), text_of(asked.get("test_number"))
        path = f"/test-numbers/{quote(number, safe='')}/refresh"
        request = Request.get(credential.url(self._sender_path(setup, path)), credential.login())
        response = yield dataclasses.replace(request, method="PUT")
        return status.read_invited(response, number)

    def _status(self, setup: Setup) -> Errand:
        """Read the sender, then what the key may see of its launch and its test numbers."""
        credential, sender = self._credential(setup), self.text(setup, "sender_name")
        login = credential.login()
        response = yield Request.get(credential.url(self._sender_path(setup)), login)
        progress: Progress = status.read_sender(response, sender)
        if progress.status is None:
            return progress
        answers = []
        for path in ("/test-numbers?size=100", "/launch-status"):
            question = Request.get(credential.url(self._sender_path(setup, path)), login)
            answers.append((yield dataclasses.replace(question, optional=True)))
        return status.with_devices_and_launch(progress, *answers)


def _check_sender_name(value: str) -> Iterator[tuple[Severity, str]]:
    if len(value) < _LEAST_NAME:
        yield Severity.ERROR, _("A sender's name has at least 3 characters.")
    elif not _SENDER_NAME.fullmatch(value):
        said = _("Letters A to Z, digits, hyphens and underscores only, and one letter at least.")
        yield Severity.ERROR, said
