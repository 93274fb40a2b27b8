"""The form of a channel configuration, and what is wrong with a draft.

Labels and rules are Adobe's (page on channel configurations, Mobile channel). *Countries* is
smstui's own. Adobe calls SMS, MMS and RCS all Mobile, and lets the credential decide; here one says
which it is to be, and a check compares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from smstui.channels import senders
from smstui.channels.base import Channel, SmsType
from smstui.i18n import N_, _
from smstui.messaging.countries import COUNTRIES, country_name
from smstui.providers.base import InvalidFields
from smstui.providers.dataset_fields import DATASET, USE_CUSTOM_DATASET
from smstui.providers.fields import (
    Choice,
    Draft,
    FieldSpec,
    Issue,
    Kind,
    Severity,
    Tidied,
    Value,
    check_field,
    is_empty,
    joined_words,
    text_of,
    words_of,
)
from smstui.providers.phone import phone_note, tidy_phone
from smstui.providers.registry import providers
from smstui.store.channel_records import State
from smstui.store.channel_rules import IMMEDIATE
from smstui.store.records import MAX_NAME
from smstui.text import clean

CHANNEL = "channel"
CREDENTIAL = "mobile_configuration"
SENDER = "sender_number"
SMS_TYPE = "sms_type"
FIXED_WHILE_ACTIVE = ("name", CHANNEL, "subdomain")
"""Fields that cannot be changed while a configuration is active."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*", re.ASCII)
_SUBDOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
_EXECUTION_FIELD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*", re.ASCII)


def check_name(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a name: Adobe's rule for channel configurations."""
    if not value[:1].isascii() or not value[:1].isalpha():
        yield Severity.ERROR, _("It begins with a letter from A to Z.")
    elif not _NAME.fullmatch(value):
        yield Severity.ERROR, _("Letters A to Z, digits, _ . and - only; no blanks.")


def tidy_words(text: str) -> Tidied:
    """Bring words into the form in which they are kept, each of them once."""
    words = {word.casefold(): " ".join(word.split()) for word in words_of(text)}
    return Tidied(joined_words(words.values()))


def tidy_countries(text: str) -> Tidied:
    """Bring country codes into the form in which they are kept."""
    return Tidied(tidy_words(text).value.upper())


def check_countries(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield which words are no country codes."""
    for word in words_of(value):
        if word not in COUNTRIES:
            said = _("{word} is no country. Write two letters each, such as IT or US.")
            yield Severity.ERROR, said.format(word=clean(word[:12]))


def countries_note(value: str) -> str:
    """Return the names of countries by their codes."""
    return ", ".join(country_name(word) for word in words_of(value))[:60]


def check_subdomain(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with a subdomain, as Adobe's page on subdomains has it."""
    if not _SUBDOMAIN.fullmatch(value):
        yield (
            Severity.ERROR,
            _("A name such as links.example.com: small letters, digits, hyphens and full stops."),
        )
    elif value.split(".")[0] in ("cdn", "data"):
        yield Severity.ERROR, _("Adobe keeps cdn and data for itself. Choose another prefix.")


def check_execution_field(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is doubtful with the path of a profile attribute."""
    if not _EXECUTION_FIELD.fullmatch(value):
        yield (
            Severity.WARNING,
            _("An attribute is a path of names with full stops: mobilePhone.number."),
        )


def specs_for(channel: str, credentials: Sequence[str]) -> dict[str, FieldSpec]:
    """Return the fields of a channel configuration by name, in the order of the form.

    Args:
        channel: what its messages are.
        credentials: the names of the stored credentials that it may name.
    """
    return {
        "name": FieldSpec(
            label=N_("Name"),
            help=N_("Begins with a letter; then letters, digits, _ . and -. Used once."),
            placeholder="Acme_Marketing_SMS",
            required=True,
            max_length=MAX_NAME,
            check=check_name,
        ),
        "description": FieldSpec(
            label=N_("Description"),
            help=N_("Changed at once, also while the configuration is active."),
            max_length=300,
        ),
        "manage_access": FieldSpec(
            label=N_("Manage access"),
            kind=Kind.WORDS,
            help=N_("Labels of data usage, such as C1; each followed by Enter or a comma."),
            placeholder="C1",
            tidy=tidy_words,
        ),
        CHANNEL: FieldSpec(
            label=N_("Select channel"),
            kind=Kind.CHOICE,
            help=N_("All three are Mobile at Adobe, where the credential alone decides."),
            required=True,
            choices=tuple(Choice(each.value, each.value) for each in Channel),
            default=Channel.SMS.value,
        ),
        "marketing_action": FieldSpec(
            label=N_("Marketing action"),
            kind=Kind.WORDS,
            help=N_("Ties consent policies to it; at Adobe an add-on: Healthcare or Privacy."),
            placeholder="sms_targeting",
            tidy=tidy_words,
        ),
        SMS_TYPE: FieldSpec(
            label=N_("SMS Type"),
            kind=Kind.CHOICE,
            help=N_("Marketing needs consent. Use a sender of its own for each type."),
            required=True,
            choices=(
                Choice(SmsType.MARKETING.value, N_("Marketing")),
                Choice(SmsType.TRANSACTIONAL.value, N_("Transactional")),
            ),
            summary=True,
        ),
        CREDENTIAL: FieldSpec(
            label=N_("Mobile configuration"),
            kind=Kind.CHOICE,
            help=N_("The API credentials that messages go out with."),
            required=True,
            choices=tuple(Choice(name, name) for name in credentials),
            summary=True,
        ),
        SENDER: FieldSpec(
            label=N_("Sender number"),
            help=N_("A number, a short code, or a sender id."),
            placeholder="brand_x1y2_agent" if channel == Channel.RCS else "+15005550006",
            required=True,
            max_length=100,
            tidy=tidy_phone,
            note=phone_note,
            summary=True,
        ),
        "countries": FieldSpec(
            label=N_("Countries"),
            kind=Kind.WORDS,
            help=N_("Not Adobe's: where recipients are, as IT, US. The sender is checked by them."),
            placeholder="IT",
            tidy=tidy_countries,
            check=check_countries,
            note=countries_note,
        ),
        "subdomain": FieldSpec(
            label=N_("Subdomain"),
            help=N_("For shortened links only: one of Adobe's SMS subdomains."),
            placeholder="links.example.com",
            max_length=253,
            check=check_subdomain,
        ),
        "sms_execution_field": FieldSpec(
            label=N_("SMS Execution Field"),
            help=N_("The profile's attribute with the number; empty for the sandbox's own."),
            placeholder="mobilePhone.number",
            max_length=200,
            check=check_execution_field,
        ),
        "use_custom_dataset_for_inbound": USE_CUSTOM_DATASET,
        "dataset": DATASET,
        "tags": FieldSpec(
            label=N_("Tags"),
            kind=Kind.WORDS,
            help=N_("Words that the list finds it by; changed at once."),
            placeholder="spring",
            tidy=tidy_words,
        ),
    }


def vendors_for(channel: str) -> tuple[str, ...]:
    """Return the vendors whose credentials can carry a channel."""
    return tuple(name for name, provider in providers().items() if channel in provider.carries)


def check(draft: Draft, credentials: Sequence[str], *, as_draft: bool = False) -> list[Issue]:
    """Return everything wrong with a draft, in the order of the form.

    Args:
        draft: its fields.
        credentials: the names of the stored credentials that it may name.
        as_draft: it is to be kept as a draft: what is missing may be missing, and what is wrong
            may stay so, but for the name and the reference to a credential.
    """
    specs = specs_for(channel_of(draft), credentials)
    return _check(_tidied(specs, draft), specs, as_draft=as_draft)


def build(draft: Draft, credentials: Sequence[str], *, as_draft: bool = False) -> dict[str, Value]:
    """Return what is kept of a draft: tidied, without hidden and empty fields.

    Args:
        draft: its fields.
        credentials: the names of the stored credentials that it may name.
        as_draft: see `check`.

    Raises:
        InvalidFields: the draft has errors, or names a field that there is not.
    """
    specs = specs_for(channel_of(draft), credentials)
    errors = [
        Issue("name", _("A channel configuration has no field {field}.").format(field=clean(key)))
        for key in draft
        if key not in specs
    ]
    tidied = _tidied(specs, draft)
    issues = _check(tidied, specs, as_draft=as_draft)
    errors += [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise InvalidFields(errors)
    return {
        name: tidied[name]
        for name, spec in specs.items()
        if spec.applies_to(tidied) and not is_empty(tidied[name]) and tidied[name] is not False
    }


def channel_of(draft: Draft) -> str:
    """Return the channel of a draft; SMS when it names none."""
    return text_of(draft.get(CHANNEL)) or Channel.SMS.value


def is_immediate(before: Draft, after: Draft) -> bool:
    """Whether two drafts differ in nothing that has to be checked."""
    names = {name for name in {*before, *after} if not _same(before.get(name), after.get(name))}
    return names <= set(IMMEDIATE)


def fixed_in(state: State, *, is_busy: bool) -> frozenset[str]:
    """Return the fields that cannot be changed in a state: all of them while checks run."""
    if is_busy or state is State.DEACTIVATED:
        return frozenset(specs_for(Channel.SMS, ()))
    return frozenset(FIXED_WHILE_ACTIVE) if state is State.ACTIVE else frozenset()


def _same(one: Value, other: Value) -> bool:
    if is_empty(one) or one is False:
        return is_empty(other) or other is False
    return one == other


def _check(draft: Draft, specs: Mapping[str, FieldSpec], *, as_draft: bool) -> list[Issue]:
    issues: list[Issue] = []
    for name, spec in specs.items():
        if not spec.applies_to(draft):
            continue
        must = name in ("name", CHANNEL)
        mine = check_field(name, replace(spec, required=must) if as_draft else spec, draft[name])
        if mine and name == CREDENTIAL and not spec.choices:
            mine = [_nothing_to_choose(channel_of(draft))]
        issues += mine
    sender = text_of(draft[SENDER])
    if sender:
        said = senders.judge(
            sender,
            channel_of(draft),
            text_of(draft[SMS_TYPE]),
            words_of(draft["countries"]),
        )
        issues += [Issue(SENDER, message, severity) for severity, message in said]
    if as_draft:
        may_stay = {*specs} - {"name", CHANNEL, CREDENTIAL}
        issues = [
            replace(issue, severity=Severity.WARNING) if issue.field in may_stay else issue
            for issue in issues
        ]
    order = list(specs)
    return sorted(issues, key=lambda issue: order.index(issue.field))


def _nothing_to_choose(channel: str) -> Issue:
    said = _("There are no API credentials that carry {channel}. Create some first: {vendors}.")
    vendors = ", ".join(vendors_for(channel))
    return Issue(CREDENTIAL, said.format(channel=channel, vendors=vendors))


def _tidied(specs: Mapping[str, FieldSpec], draft: Draft) -> dict[str, Value]:
    """Return a value for every field: what was typed, tidied, or the default."""
    return {
        name: _tidied_value(spec, draft[name]) if name in draft else spec.default
        for name, spec in specs.items()
    }


def _tidied_value(spec: FieldSpec, value: Value) -> Value:
    if spec.kind in (Kind.SWITCH, Kind.CHOICE) or is_empty(value):
        return value
    return spec.tidy(text_of(value)).value
