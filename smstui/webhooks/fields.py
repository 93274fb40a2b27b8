"""The form of a webhook: the fields that all vendors share, and what is wrong with a draft.

Labels are Adobe's (page on webhooks). A field that a draft does not mention holds its default, as
in a new form; one that was emptied is there and empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.messaging.numbers import alphanumeric_problem
from smstui.providers.base import Credential, InvalidFields
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
    strip_blanks,
    text_of,
    words_of,
)
from smstui.providers.phone import check_sender, phone_note, tidy_phone
from smstui.text import clean
from smstui.webhooks.base import WebhookType, WebhookVendor
from smstui.webhooks.keywords import DEFAULT_WORDS, LONGEST_KEYWORD, Category, folded
from smstui.webhooks.linter import BOTH, lint
from smstui.webhooks.replies import parts_note

MOST_REPLY = 1500
"""Characters of a message in Adobe's editor."""


def receives_inbound(draft: Draft) -> bool:
    """Whether a webhook takes texts of subscribers: all but those for feedback alone do."""
    return text_of(draft.get("type")) != WebhookType.FEEDBACK


def _is_fuzzy(draft: Draft) -> bool:
    return receives_inbound(draft) and draft.get("fuzzy_logic") is True


def tidy_words(text: str) -> Tidied:
    """Bring keywords into the form in which they are kept, each of them once."""
    typed = words_of(strip_blanks(_one_line(text)).value)
    words: dict[str, str] = {}
    for word in typed:
        words.setdefault(folded(word), " ".join(word.split()))
    said = _("Each keyword is kept once.") if len(words) < len(typed) else ""
    return Tidied(joined_words(words.values()), said)


def check_words(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong with keywords by themselves."""
    for word in words_of(value):
        if len(word) > LONGEST_KEYWORD:
            said = _("A keyword has at most {most} characters; “{start}…” has {count}.")
            yield (
                Severity.ERROR,
                said.format(most=LONGEST_KEYWORD, start=clean(word[:12]), count=len(word)),
            )


def _check_one_word(value: str) -> Iterator[tuple[Severity, str]]:
    if len(words_of(value)) > 1:
        yield Severity.ERROR, _("There is one custom keyword; remove the others.")
    yield from check_words(value)


def tidy_reply(text: str) -> Tidied:
    """Remove blanks around a reply; line ends and odd blanks inside become plain ones."""
    return strip_blanks(_one_line(text))


def _one_line(text: str) -> str:
    return re.sub(r"[^\S ]+", " ", text)


def check_sender_number(value: str) -> Iterator[tuple[Severity, str]]:
    """Yield what is wrong or doubtful with the sender that subscribers answer to."""
    if ":" in value:
        return  # An address of another channel, such as rcs:brand_agent.
    if any(c.isalpha() for c in value):
        yield (
            Severity.WARNING,
            alphanumeric_problem(value)
            or _("A name receives nothing, so keywords mean nothing for it. Enter a number."),
        )
        return
    yield from check_sender(value)


def _words(label: str, help: str, category: Category) -> FieldSpec:  # noqa: A002 - FieldSpec's name
    return FieldSpec(
        label=label,
        kind=Kind.WORDS,
        help=help,
        shown_when=receives_inbound,
        tidy=tidy_words,
        check=check_words,
        default=joined_words(DEFAULT_WORDS[category]),
    )


def _reply(label: str, help: str) -> FieldSpec:  # noqa: A002 - FieldSpec's name
    return FieldSpec(
        label=label,
        help=help,
        max_length=MOST_REPLY,
        shown_when=receives_inbound,
        tidy=tidy_reply,
        note=parts_note,
    )


_NAME = Credential.specs()["name"]

_SENDER = FieldSpec(
    label=N_("Sender Phone Number"),
    help=N_("The number or short code that these replies come to."),
    placeholder="+15005550006",
    shown_when=receives_inbound,
    tidy=tidy_phone,
    check=check_sender_number,
    note=phone_note,
    summary=True,
)

_SERVES = FieldSpec(
    label=N_("Messages of this sender"),
    kind=Kind.CHOICE,
    help=N_("Not Adobe's: used to warn of what STOP blocks."),
    choices=(
        Choice("Marketing", N_("Marketing")),
        Choice("Transactional", N_("Transactional")),
        Choice(BOTH, N_("Both")),
    ),
    shown_when=receives_inbound,
)

_CONVERSATION: Mapping[str, FieldSpec] = {
    "opt_in_keywords": _words(
        N_("Opt-In keywords"),
        N_("The whole text is one of these, in any case: the subscriber is opted in."),
        Category.OPT_IN,
    ),
    "opt_in_reply": _reply(N_("Opt-In reply"), N_("What who opts in is answered.")),
    "opt_out_keywords": _words(
        N_("Opt-Out keywords"),
        N_("These replace the defaults, so keep STOP. The subscriber is opted out."),
        Category.OPT_OUT,
    ),
    "opt_out_reply": _reply(
        N_("Opt-Out reply"), N_("Says that it worked, and how to come back: START.")
    ),
    "fuzzy_logic": FieldSpec(
        label=N_("Fuzzy Logic"),
        kind=Kind.SWITCH,
        help=N_("Answers what comes near to an opt-out, such as STPO, and opts nobody out."),
        shown_when=receives_inbound,
        default=False,
    ),
    "fuzzy_auto_response": FieldSpec(
        label=N_("Fuzzy Auto Response"),
        help=N_("Says that nothing has changed, and which word opts out."),
        placeholder="Reply STOP to opt out.",
        max_length=MOST_REPLY,
        shown_when=_is_fuzzy,
        tidy=tidy_reply,
        note=parts_note,
    ),
    "double_opt_in_keywords": _words(
        N_("Double Opt-In keywords"),
        N_("A first step: the subscriber is asked to confirm with an Opt-In keyword."),
        Category.DOUBLE_OPT_IN,
    ),
    "double_opt_in_reply": _reply(
        N_("Double Opt-In reply"), N_("Asks for an Opt-In keyword, by name.")
    ),
    "help_keywords": _words(
        N_("Help keywords"), N_("Consent stays as it is; the reply is sent."), Category.HELP
    ),
    "help_reply": _reply(N_("Help reply"), N_("Who sends, how to get help, how to opt out.")),
    "custom_keyword": FieldSpec(
        label=N_("Custom keyword"),
        help=N_("One word, recorded for reports and audiences."),
        shown_when=receives_inbound,
        tidy=tidy_words,
        check=_check_one_word,
    ),
    "custom_reply": _reply(N_("Custom reply"), N_("What the custom keyword is answered.")),
    "default_reply_message": _reply(
        N_("Default Reply Message"), N_("Sent when nothing matched; empty for no answer.")
    ),
}


def specs_for(vendor: WebhookVendor, credentials: Sequence[str]) -> dict[str, FieldSpec]:
    """Return the fields of a vendor's webhooks by name, in the order of the form.

    Args:
        vendor: what the webhook is for.
        credentials: the names of the stored credentials that it may name.
    """
    specs = {"name": _NAME}
    if len(vendor.types) > 1:
        specs["type"] = FieldSpec(
            label=N_("Type"),
            kind=Kind.CHOICE,
            help=N_("Inbound: replies and consent. Feedback: deliveries, errors, receipts."),
            required=True,
            choices=tuple(Choice(type_.value, _TYPE_LABELS[type_]) for type_ in vendor.types),
            default=vendor.types[0].value,
            summary=True,
        )
    specs["credential"] = FieldSpec(
        label=N_("API credentials"),
        kind=Kind.CHOICE,
        help=N_("Of the same vendor. Some providers sign their calls with its secret."),
        choices=tuple(Choice(name, name) for name in credentials),
        summary=True,
    )
    return {
        **specs,
        "sender_phone_number": _SENDER,
        "serves": _SERVES,
        **vendor.own_fields(),
        **_CONVERSATION,
    }


_TYPE_LABELS = {
    WebhookType.INBOUND: N_("Inbound"),
    WebhookType.FEEDBACK: N_("Feedback"),
    WebhookType.BOTH: N_("Inbound and feedback"),
}


def check(
    vendor: WebhookVendor, draft: Draft, credentials: Sequence[str], *, is_bound: bool = True
) -> list[Issue]:
    """Return everything wrong with a draft, in the order of the form.

    Args:
        vendor: what the webhook is for.
        draft: its fields.
        credentials: the names of the stored credentials that it may name.
        is_bound: False for one whose credential is made later, by the set-up that it belongs to.
    """
    specs = specs_for(vendor, credentials)
    return _check(vendor, _tidied(specs, draft), specs, is_bound=is_bound)


def build(
    vendor: WebhookVendor, draft: Draft, credentials: Sequence[str], *, is_bound: bool = True
) -> dict[str, Value]:
    """Return what is kept of a draft: tidied, without hidden and empty fields.

    A field with a default that was emptied is kept as empty, so that it does not come back.

    Args:
        vendor: what the webhook is for.
        draft: its fields.
        credentials: the names of the stored credentials that it may name.
        is_bound: as for `check`.

    Raises:
        InvalidFields: the draft has errors, or names a field that the vendor does not have.
    """
    specs = specs_for(vendor, credentials)
    errors = [
        Issue("name", _("{vendor} has no field {field}.").format(vendor=vendor.vendor, field=key))
        for key, value in draft.items()
        if key not in specs and (key, value) != ("type", vendor.types[0].value)
    ]
    tidied = _tidied(specs, draft)
    issues = _check(vendor, tidied, specs, is_bound=is_bound)
    errors += [issue for issue in issues if issue.severity is Severity.ERROR]
    if errors:
        raise InvalidFields(errors)
    kept: dict[str, Value] = {}
    for name, spec in specs.items():
        value = tidied[name]
        if not spec.applies_to(tidied):
            continue
        if not is_empty(value):
            kept[name] = int(text_of(value)) if spec.kind is Kind.NUMBER else value
        elif not is_empty(spec.default):
            kept[name] = ""
    return kept


def _check(
    vendor: WebhookVendor, draft: Draft, specs: Mapping[str, FieldSpec], *, is_bound: bool
) -> list[Issue]:
    issues: list[Issue] = []
    of_inbound = ("credential", "sender_phone_number") if is_bound else ("sender_phone_number",)
    for name, spec in specs.items():
        if spec.applies_to(draft):
            needed = name in of_inbound and receives_inbound(draft)
            mine = check_field(name, replace(spec, required=True) if needed else spec, draft[name])
            if mine and spec.kind is Kind.CHOICE and not spec.choices:
                mine = _nothing_to_choose(vendor)
            issues += mine
    if receives_inbound(draft):
        issues += lint(draft, vendor.own_answers)
    issues += vendor.rules(draft)
    order = list(specs)
    return sorted(issues, key=lambda issue: order.index(issue.field))


def _nothing_to_choose(vendor: WebhookVendor) -> list[Issue]:
    said = _("There are no API credentials to choose from. Create some first: {vendors}.")
    return [Issue("credential", said.format(vendors=", ".join(vendor.credential_vendors)))]


def _tidied(specs: Mapping[str, FieldSpec], draft: Draft) -> dict[str, Value]:
    """Return a value for every field: what was typed, tidied, or the default."""
    return {
        name: _tidied_value(spec, draft[name]) if name in draft else spec.default
        for name, spec in specs.items()
    }


def _tidied_value(spec: FieldSpec, value: Value) -> Value:
    is_lines = (spec.kind is Kind.JSON or spec.multiline) and spec.tidy is strip_blanks
    if is_lines or spec.kind in (Kind.SWITCH, Kind.CHOICE, Kind.PAIRS) or is_empty(value):
        return value
    text = spec.tidy(text_of(value)).value
    return SecretStr(text) if isinstance(value, SecretStr) else text
