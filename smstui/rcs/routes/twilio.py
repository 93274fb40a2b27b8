"""Twilio's way to RCS: a sender made in the Console, followed by API, sent through as Custom.

Wire format: Twilio's OpenAPI files messaging_v1 and messaging_v2. The specification has an example
that creates an RCS sender; the documentation says that none is created by API. So that is offered
as a try, and everything works without it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smstui.i18n import N_, _
from smstui.providers.base import Request
from smstui.providers.fields import (
    Draft,
    FieldSpec,
    Issue,
    Value,
    text_of,
)
from smstui.providers.presets import PRESETS
from smstui.providers.twilio import TwilioCredential, TwilioProvider
from smstui.providers.twilio_hosts import product_url
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
from smstui.rcs.images import BANNER, LOGO, ImageLimits, Size
from smstui.rcs.profile import ProfileLimits, profile_specs
from smstui.rcs.routes import twilio_content
from smstui.rcs.routes import twilio_fields as fields
from smstui.rcs.routes import twilio_status as status
from smstui.rcs.routes.common import (
    Perform,
    ProfileRoute,
    named,
    without_empty,
)

_COUNTRIES = "AT BE CZ DK FI FR DE IE IT MX NL NO PL PT RO SK SE GB US"
"""Where Twilio offers RCS, by its documentation of 2026."""

_PROFILE = (
    *("display_name", "description", "color", "logo", "banner"),
    *("phone", "phone_label", "email", "email_label", "website", "website_label"),
    *("privacy", "terms", "use_case", "countries", "test_numbers"),
    *("contact_name", "contact_title", "contact_email", "opt_in", "opt_in_image", "opt_out"),
    *("trigger", "interactions", "reviewer_access", "video"),
)


class TwilioRoute(ProfileRoute):
    """RCS by Twilio's Programmable Messaging."""

    name = "Twilio"
    how = N_("Register in Twilio's Console, 4 to 6 weeks or more; send as vendor Custom.")
    credential_vendor = "Custom"
    needed = (
        *("display_name", "description", "color", "logo", "banner"),
        *("website", "privacy", "terms"),
    )
    one_of = ("phone", "email")
    # The documentation names another width than the help centre and Google.
    images = {
        "logo": ImageLimits(LOGO, 50_000),
        "banner": ImageLimits(BANNER, 200_000, also=Size(1140, 448)),
    }
    limits = Limits(
        text=1600,
        title=200,
        description=1600,
        suggestion=20,
        suggestions=11,
        card_suggestions=4,
        cards=(1, 10),
        source="https://www.twilio.com/docs/rcs/send-an-rcs-message",
        action_label=25,
        carousel_suggestions=0,
    )
    tasks = (
        Task(
            "service",
            N_("Messaging Service"),
            N_("It holds the RCS sender and a number for SMS. The number is added in the Console."),
            Where.HERE,
        ),
        Task(
            "sender",
            N_("Create the sender"),
            N_("Console: Messaging, Senders, RCS. Then enter its SID (XE…) and rcs: id here."),
            Where.CONSOLE,
            N_("Twilio"),
        ),
        Task(
            "details",
            N_("Public details"),
            N_("Texts, colour, logo, banner, contacts and pages: export the profile, paste it."),
            Where.CONSOLE,
        ),
        Task(
            "test_device",
            N_("Test device"),
            N_("Invite it in the Console; 20 a day, 200 in all. It works before any approval."),
            Where.CONSOLE,
            N_("the owner of the handset"),
        ),
        Task(
            "callbacks",
            N_("Webhook at the sender"),
            N_("Console, Configuration of the sender: inbound and status callback URL."),
            Where.CONSOLE,
        ),
        Task(
            "attach",
            N_("Sender in the Messaging Service"),
            N_("A sender belongs to one service. Then switch on Advanced Opt-Out there."),
            Where.HERE,
        ),
        Task(
            "registration",
            N_("Registration, general"),
            N_("Console: representative, opt-in, trigger, use case, a video that shows STOP."),
            Where.CONSOLE,
            N_("Google's review"),
            usual=N_("4 to 6 weeks"),
        ),
        Task(
            "registration_us",
            N_("Registration, US"),
            N_("Console: tax number, brand, campaign, samples. Third parties charge fees."),
            Where.CONSOLE,
            N_("the brand check in the US"),
            optional=True,
        ),
        Task(
            "carriers",
            N_("Approval by the carriers"),
            N_("One carrier is enough to go live in its country."),
            Where.ELSEWHERE,
            N_("the carriers"),
        ),
    )

    def account_fields(self) -> Mapping[str, FieldSpec]:
        return fields.account_fields()

    def profile_fields(self) -> Mapping[str, FieldSpec]:
        return profile_specs(ProfileLimits(countries=_COUNTRIES), _PROFILE)

    def rules(self, draft: Draft) -> Iterable[Issue]:
        if any(text_of(draft.get(name)) for name in ("auth_token", "api_key_sid")):
            own = ("account_sid", "auth_token", "api_key_sid", "api_key_secret")
            yield from (i for i in TwilioProvider().rules(draft) if i.field in own)
        yield from self.rules_of_profile(draft)

    def profile_document(self, setup: Setup) -> dict[str, Any]:
        profile = without_empty(
            {
                "name": self.text(setup, "display_name"),
                "description": self.text(setup, "description"),
                "accent_color": self.text(setup, "color"),
                "logo_url": self.text(setup, "logo"),
                "banner_url": self.text(setup, "banner"),
                "privacy_url": self.text(setup, "privacy"),
                "terms_of_service_url": self.text(setup, "terms"),
                "phone_numbers": self.contacts(setup, "phone", "phone_number"),
                "emails": self.contacts(setup, "email", "email"),
                "websites": self.contacts(setup, "website", "website"),
                "use_case": self.text(setup, "use_case"),
            }
        )
        return without_empty({"sender_id": self.text(setup, "sender_id"), "profile": profile})

    def actions(self, setup: Setup) -> Sequence[Action]:
        if not self._can_log_in(setup):
            return ()
        has_service = self.is_sound(setup, "messaging_service_sid")
        has_sender = self.is_sound(setup, "sender_sid")
        found: list[Action] = []
        if not has_service:
            found.append(
                Action(
                    "create_service",
                    N_("Create a Messaging Service"),
                    asks={"service_name": fields.service_name(named(setup))},
                    confirm=N_("This makes a Messaging Service in the Twilio account."),
                    task="service",
                )
            )
        if has_sender or self.is_sound(setup, "sender_id"):
            found.append(Action("read_sender", N_("Read the sender"), task="sender"))
        if not has_sender and self.is_sound(setup, "sender_id") and self.is_complete(setup):
            found.append(
                Action(
                    "create_sender",
                    N_("Try to create the sender by API"),
                    confirm=N_(
                        "Twilio says that RCS senders are made in its Console, so expect a refusal."
                    ),
                    task="sender",
                )
            )
        if has_service and has_sender:
            found.append(
                Action(
                    "attach_sender",
                    N_("Add the sender to the Messaging Service"),
                    confirm=N_("Messages through the service then go out by RCS where they can."),
                    task="attach",
                )
            )
        return found

    def performers(self) -> Mapping[str, Perform]:
        return {
            "create_service": self._create_service,
            "read_sender": lambda setup, _asked: self._status(setup),
            "create_sender": lambda setup, _asked: self._create_sender(setup),
            "attach_sender": lambda setup, _asked: self._attach_sender(setup),
        }

    def ask_status(self, setup: Setup) -> Errand | None:
        knows = any(self.is_sound(setup, name) for name in ("sender_sid", "sender_id"))
        return self._status(setup) if self._can_log_in(setup) and knows else None

    def webhooks(self, setup: Setup) -> Sequence[WebhookDraft]:
        draft: dict[str, Value] = {"name": named(setup, "replies and reports")}
        if self.is_sound(setup, "sender_id"):
            draft["sender_phone_number"] = self.text(setup, "sender_id")
        if token := self.secret(setup, "auth_token"):
            draft["signing_token"] = token
        return (WebhookDraft("Twilio", draft),)

    def credential(self, setup: Setup, *, with_fallback: bool) -> dict[str, Value]:
        """Return Twilio's preset, filled; without a Messaging Service RCS alone is possible."""
        draft = next(preset for preset in PRESETS if preset.name == "Twilio RCS").draft()
        service, sender = self.text(setup, "messaging_service_sid"), self.text(setup, "sender_id")
        account = self.text(setup, "account_sid")
        draft["name"] = named(setup)
        draft["provider_appid"] = sender or service or named(setup)
        if account:
            base = product_url(self.text(setup, "api_host"), "api")
            draft["provider_url"] = f"{base}/2010-04-01/Accounts/{account}/Messages.json"
        user, password = account, self.secret(setup, "auth_token")
        if key := self.text(setup, "api_key_sid"):
            user, password = key, self.secret(setup, "api_key_secret")
        draft["user_name"] = user or draft["user_name"]
        if password is not None:
            draft["password"] = password
        payload = text_of(draft["provider_payload"])
        if with_fallback:
            payload = payload.replace("rcs:{{toNumber}}", "{{toNumber}}")
        elif not service and sender:
            payload = payload.replace("MessagingServiceSid", "From")
        draft["provider_payload"] = payload
        if sender_number := service or ("" if with_fallback else sender):
            draft["sender_number"] = sender_number
        return draft

    def code_hint(self, code: str) -> str:
        return _(status.CODES.get(code, ""))

    def content_rules(self, content: Content) -> Iterable[Issue]:
        return twilio_content.rules(content)

    def as_sent(self, content: Content) -> Sequence[SentPart]:
        return twilio_content.as_sent(content)

    def _can_log_in(self, setup: Setup) -> bool:
        has_login = self.is_sound(setup, "auth_token") or self.is_sound(
            setup, "api_key_sid", "api_key_secret"
        )
        return (
            has_login and self.is_sound(setup, "account_sid") and self.is_usable(setup, "api_host")
        )

    def _credential(self, setup: Setup) -> TwilioCredential:
        return TwilioCredential(
            name="-",
            account_sid=self.text(setup, "account_sid"),
            auth_token=self.secret(setup, "auth_token"),
            message_sid=self.text(setup, "messaging_service_sid"),
            api_key_sid=self.text(setup, "api_key_sid"),
            api_key_secret=self.secret(setup, "api_key_secret"),
            api_host=self.text(setup, "api_host"),
        )

    def _create_service(self, setup: Setup, asked: Draft) -> Errand:
        credential = self._credential(setup)
        response = yield Request.form(
            _url(credential, "/v1/Services"),
            [("FriendlyName", text_of(asked.get("service_name")))],
            credential.login(),
        )
        return status.read_service_created(response, credential)

    def _create_sender(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        response = yield Request.json(
            _url(credential, "/v2/Channels/Senders"),
            self.profile_document(setup),
            credential.login(),
        )
        return status.read_sender_created(response, credential)

    def _attach_sender(self, setup: Setup) -> Errand:
        credential = self._credential(setup)
        response = yield Request.form(
            _url(credential, f"/v1/Services/{credential.service_sid}/ChannelSenders"),
            [("Sid", self.text(setup, "sender_sid"))],
            credential.login(),
        )
        return status.read_attached(response, credential, self.text(setup, "sender_sid"))

    def _status(self, setup: Setup) -> Errand:
        """Read the sender, by its SID or out of the list, and whether its service has it."""
        credential = self._credential(setup)
        sid = self.text(setup, "sender_sid")
        if not self.is_sound(setup, "sender_sid"):
            response = yield Request.get(
                _url(credential, "/v2/Channels/Senders?Channel=rcs&PageSize=1000"),
                credential.login(),
            )
            found = status.find_sender(response, credential, self.text(setup, "sender_id"))
            if isinstance(found, Progress):
                return found
            sid = found
        response = yield Request.get(
            _url(credential, f"/v2/Channels/Senders/{sid}"), credential.login()
        )
        progress = status.read_sender(response, credential, sid)
        if progress.status is None or not self.is_sound(setup, "messaging_service_sid"):
            return progress
        url = _url(credential, f"/v1/Services/{credential.service_sid}/ChannelSenders?PageSize=100")
        question = dataclasses.replace(Request.get(url, credential.login()), optional=True)
        return status.with_service(progress, (yield question), sid)


def _url(credential: TwilioCredential, path: str) -> str:
    return product_url(credential.api_host, "messaging") + path
