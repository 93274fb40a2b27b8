"""Twilio: the credential as on Adobe's screen, and the Messages API.

Fields and labels follow Adobe Journey Optimizer; API key and API host are smstui's own, under
Advanced. Wire format: Twilio's OpenAPI files api_v2010 and messaging_v1. How answers are read is in
`smstui.providers.twilio_answers`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.messaging.numbers import is_short_code, tidy_number
from smstui.providers import twilio_answers as answers
from smstui.providers import twilio_paste, twilio_sender
from smstui.providers.answers import together
from smstui.providers.base import Credential, Dialogue, Provider, Request, Result, basic_auth
from smstui.providers.dataset_fields import DatasetField, UseCustomDatasetField
from smstui.providers.fields import (
    GROUP_ADVANCED,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Offer,
    Severity,
    is_empty,
    text_of,
)
from smstui.providers.hosts import split_host, tidy_host
from smstui.providers.phone import (
    check_recipient,
    check_sender,
    check_text,
    phone_note,
    tidy_phone,
)
from smstui.providers.twilio_hosts import US, check_api_host, product_url, region_of

MAX_TEXT = 1600
"""Characters of Body (error 21617)."""

_ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}", re.ASCII)
_KEY = re.compile(r"SK[0-9a-fA-F]{32}", re.ASCII)
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}", re.ASCII)
_MESSAGE = re.compile(r"(SM|MM)[0-9a-fA-F]{32}", re.ASCII)
_SID_LENGTH = 34
_SECRET_LENGTH = 32

Check = Callable[[str], Iterator[tuple[Severity, str]]]


def _sid(pattern: re.Pattern[str], prefix: str) -> Check:
    """Return a check for a SID; one of the wrong kind is left to `TwilioProvider.rules`."""

    def check(value: str) -> Iterator[tuple[Severity, str]]:
        if pattern.fullmatch(value) or _swapped(value, prefix):
            return
        if not value.startswith(prefix):
            yield Severity.ERROR, _("It starts with {prefix}.").format(prefix=prefix)
        elif len(value) != _SID_LENGTH:
            yield (
                Severity.ERROR,
                _("It has {length} characters; this has {count}.").format(
                    length=_SID_LENGTH, count=len(value)
                ),
            )
        else:
            yield (
                Severity.ERROR,
                _("After {prefix} come digits and the letters a to f only.").format(prefix=prefix),
            )

    return check


def _swapped(value: str, prefix: str) -> bool:
    other = _ACCOUNT if prefix == "SK" else _KEY
    return other.fullmatch(value) is not None


def _check_message_sid(value: str) -> Iterator[tuple[Severity, str]]:
    if _SERVICE.fullmatch(value):
        return
    if _MESSAGE.fullmatch(value):
        yield (
            Severity.WARNING,
            _(
                "This is the id of one message. A sender here starts with MG; without one, "
                "messages go out from the inbound number."
            ),
        )
        return
    if value.startswith("MG"):
        yield from _sid(_SERVICE, "MG")(value)
        return
    yield (
        Severity.ERROR,
        _("Enter the SID of a Messaging Service: MG and 32 digits or letters a to f."),
    )


def _check_secret(value: str) -> Iterator[tuple[Severity, str]]:
    if re.fullmatch(r"[A-Z]{2}[0-9a-fA-F]{32}", value, re.ASCII):
        yield Severity.WARNING, _("This looks like a SID, not like a secret.")
    elif len(value) != _SECRET_LENGTH:
        yield (
            Severity.WARNING,
            _("Twilio's have {length} characters; this has {count}.").format(
                length=_SECRET_LENGTH, count=len(value)
            ),
        )


class TwilioCredential(Credential):
    """The fields of Adobe's Twilio form, in its order, and smstui's own under Advanced."""

    account_sid: Annotated[
        str,
        FieldSpec(
            label=N_("Account SID"),
            help=N_("In the Twilio Console, under Account Info."),
            required=True,
            length=_SID_LENGTH,
            check=_sid(_ACCOUNT, "AC"),
            summary=True,
        ),
    ]
    auth_token: Annotated[
        SecretStr | None,
        FieldSpec(
            label=N_("Auth Token"),
            kind=Kind.SECRET,
            help=N_("Beside the Account SID. An API key under Advanced can take its place."),
            check=_check_secret,
            account="account_sid",
        ),
    ] = None
    message_sid: Annotated[
        str,
        FieldSpec(
            label=N_("Message SID"),
            help=N_("The SID of a Messaging Service (MG…), which chooses the sender."),
            length=_SID_LENGTH,
            check=_check_message_sid,
        ),
    ] = ""
    inbound_number: Annotated[
        str,
        FieldSpec(
            label=N_("Inbound Number"),
            help=N_("The number replies come to; without a Messaging Service also the sender."),
            placeholder="+15005550006",
            tidy=tidy_phone,
            check=check_sender,
            note=phone_note,
            summary=True,
        ),
    ] = ""
    use_custom_dataset_for_inbound: UseCustomDatasetField = False
    dataset: DatasetField = ""
    api_key_sid: Annotated[
        str,
        FieldSpec(
            label=N_("API key SID"),
            help=N_("A key of this account (SK…), used instead of the Auth Token."),
            group=GROUP_ADVANCED,
            length=_SID_LENGTH,
            check=_sid(_KEY, "SK"),
            goes_with="api_key_secret",
        ),
    ] = ""
    api_key_secret: Annotated[
        SecretStr | None,
        FieldSpec(
            label=N_("API key secret"),
            kind=Kind.SECRET,
            help=N_("Twilio shows it once, when the key is made."),
            group=GROUP_ADVANCED,
            check=_check_secret,
            account="account_sid",
        ),
    ] = None
    api_host: Annotated[
        str,
        FieldSpec(
            label=N_("API host"),
            help=N_("Empty is api.twilio.com. A region's host, or that of a simulator."),
            placeholder="api.dublin.ie1.twilio.com",
            group=GROUP_ADVANCED,
            tidy=tidy_host,
            check=check_api_host,
            is_address=True,
        ),
    ] = ""

    @property
    def service_sid(self) -> str:
        """The Messaging Service to send through; empty when Message SID holds none."""
        return self.message_sid if _SERVICE.fullmatch(self.message_sid) else ""

    @property
    def region(self) -> str:
        """Twilio's region, ``us1`` by default; empty on a host that is not Twilio's."""
        return region_of(self.api_host)

    def login(self) -> tuple[str, str]:
        """Return the Authorization header: of the API key when there is one, else the token."""
        if self.api_key_sid and self.api_key_secret is not None:
            return basic_auth(self.api_key_sid, self.api_key_secret.get_secret_value())
        token = self.auth_token.get_secret_value() if self.auth_token is not None else ""
        return basic_auth(self.account_sid, token)


class TwilioProvider(Provider[TwilioCredential]):
    """Twilio's Programmable Messaging."""

    vendor = "Twilio"
    model = TwilioCredential
    look_up = N_("In the Twilio Console: Monitor, Logs, Messaging, by the recipient's number.")
    carries = ("SMS", "MMS")

    def rules(self, draft: Draft) -> Iterable[Issue]:
        """Return what is wrong with SIDs in each other's place, login, sender and region."""
        yield from _swap_issues(draft)
        yield from _login_issues(draft)
        message_sid = text_of(draft.get("message_sid"))
        if is_empty(draft.get("inbound_number")) and (
            not message_sid or _MESSAGE.fullmatch(message_sid)
        ):
            yield Issue(
                "inbound_number",
                _("Nothing to send from: fill in this number, or a Message SID (MG…)."),
                Severity.WARNING,
            )
        region = region_of(text_of(draft.get("api_host")))
        if region not in ("", US) and not is_empty(draft.get("api_key_sid")):
            yield Issue(
                "api_key_sid",
                _(
                    "Keys are per region, Restricted ones for the US only: use a key of {region}."
                ).format(region=region),
                Severity.WARNING,
            )

    def recognise(self, pasted: str) -> Offer | None:
        """Return what a bare SID or a curl command to Twilio would fill in."""
        return twilio_paste.recognise(pasted, self.model.specs())

    def host(self, credential: TwilioCredential) -> str:
        """Return the host of the Messages API."""
        return split_host(product_url(credential.api_host, "api"))[0]

    def check_message(self, credential: TwilioCredential, to: str, text: str) -> list[Issue]:
        """Return what is wrong with recipient, text and sender."""
        issues = check_recipient(to) + check_text(text, most=MAX_TEXT)
        if not credential.service_sid:
            if not credential.inbound_number:
                said = _(
                    "There is nothing to send from: this needs a Messaging Service or a number."
                )
                issues.append(Issue("inbound_number", said))
            elif tidy_number(to) == credential.inbound_number:
                issues.append(Issue("to", _("This is the sender itself. Use another handset.")))
        return issues

    def probe(self, credential: TwilioCredential, to: str = "", text: str = "") -> Dialogue:
        """Return the conversation that checks login, account and sender by reading alone."""
        login = yield from (_try_key if credential.api_key_sid else _try_token)(credential)
        if login.result is Result.FAILED or login.code == answers.TEST_CREDENTIALS:
            return login
        sender = yield from _try_sender(credential)
        return together(login, sender)

    def message(self, credential: TwilioCredential, to: str, text: str) -> Dialogue:
        """Return the conversation that creates one message."""
        sender = (
            ("MessagingServiceSid", credential.service_sid)
            if credential.service_sid
            else ("From", credential.inbound_number)
        )
        response = yield Request.form(
            _account_url(credential, "/Messages.json"),
            [("To", tidy_number(to)), sender, ("Body", text)],
            credential.login(),
        )
        return answers.read_created(response, credential, look_up=_(self.look_up))

    def status(self, credential: TwilioCredential, message_id: str) -> Dialogue:
        """Return the conversation that reads the state of a message."""
        path = f"/Messages/{quote(message_id, safe='')}.json"
        response = yield Request.get(_account_url(credential, path), credential.login())
        return answers.read_state(response, credential)

    def sender(self, credential: TwilioCredential, sender: str, channel: str) -> Dialogue | None:
        """Return the conversation that looks a sender up in the account and in its service."""
        return twilio_sender.ask(credential, sender, channel)


def _account_url(credential: TwilioCredential, path: str) -> str:
    base = product_url(credential.api_host, "api")
    return f"{base}/2010-04-01/Accounts/{credential.account_sid}{path}"


def _try_token(credential: TwilioCredential) -> Dialogue:
    response = yield Request.get(_account_url(credential, ".json"), credential.login())
    return answers.read_account(response, credential)


def _try_key(credential: TwilioCredential) -> Dialogue:
    """Read messages first: a Standard key may do that, but may not read the account."""
    query = urlencode({"PageSize": 1})
    response = yield Request.get(
        _account_url(credential, f"/Messages.json?{query}"), credential.login()
    )
    messages = answers.read_messages(response, credential)
    if messages.result is Result.FAILED:
        return messages
    response = yield Request.get(_account_url(credential, ".json"), credential.login())
    return answers.read_account_by_key(response, credential, messages)


def _try_sender(credential: TwilioCredential) -> Dialogue:
    if credential.service_sid:
        return (yield from _try_service(credential))
    number = credential.inbound_number
    if not number or is_short_code(number):
        return answers.sender_unchecked(number)
    query = urlencode({"PhoneNumber": number})
    response = yield Request.get(
        _account_url(credential, f"/IncomingPhoneNumbers.json?{query}"), credential.login()
    )
    return answers.read_number(response, credential)


def _try_service(credential: TwilioCredential) -> Dialogue:
    base = product_url(credential.api_host, "messaging")
    url = f"{base}/v1/Services/{credential.service_sid}"
    response = yield Request.get(url, credential.login())
    service = answers.read_service(response, credential)
    if service.result is not Result.PASSED:
        return service
    for pool in ("PhoneNumbers", "ShortCodes", "AlphaSenders", "ChannelSenders"):
        response = yield Request.get(f"{url}/{pool}?PageSize=1", credential.login())
        if answers.pool_has_sender(response) is not False:
            return service
    return answers.pool_empty()


def _swap_issues(draft: Draft) -> Iterator[Issue]:
    account = text_of(draft.get("account_sid"))
    key = text_of(draft.get("api_key_sid"))
    if _KEY.fullmatch(account):
        free = not key or _ACCOUNT.fullmatch(key)
        changes = {"api_key_sid": account, "account_sid": key}
        yield Issue(
            "account_sid",
            _("This is an API key SID. The Account SID starts with AC."),
            offer=Offer(_("Move it to API key SID"), changes) if free else None,
        )
    if _ACCOUNT.fullmatch(key):
        free = not account or _KEY.fullmatch(account)
        changes = {"account_sid": key, "api_key_sid": account}
        yield Issue(
            "api_key_sid",
            _("This is an Account SID. An API key SID starts with SK."),
            offer=Offer(_("Move it to Account SID"), changes) if free else None,
        )


def _login_issues(draft: Draft) -> Iterator[Issue]:
    no_token, no_sid, no_secret = (
        is_empty(draft.get(name)) for name in ("auth_token", "api_key_sid", "api_key_secret")
    )
    if no_sid and no_secret:
        if no_token:
            said = _("Auth Token is missing. An API key under Advanced can take its place.")
            yield Issue("auth_token", said)
    elif no_sid:
        yield Issue("api_key_sid", _("API key SID is missing; its secret is there."))
    elif no_secret:
        yield Issue("api_key_secret", _("API key secret is missing; its SID is there."))
