"""The fields of a business profile and its agent, declared once; routes choose and set limits.

Labels are Google's and the providers' own words. None is required here: a set-up goes on without
them where the provider's console has them already. What a provider needs is a route's rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from smstui.i18n import N_, _
from smstui.providers.fields import Choice, FieldSpec, Kind, Severity
from smstui.providers.phone import phone_note, tidy_phone
from smstui.rcs.checks import (
    MOST_URL,
    check_color,
    check_email,
    check_numbers,
    check_phone,
    check_picture,
    check_plain,
    check_web,
    color_note,
    countries_of,
    plain_up_to,
    tidy_color,
    tidy_countries,
    tidy_numbers,
)

GROUP_LAUNCH = N_("For the launch")
"""What reviewers and carriers ask for; not needed for a test."""

NAME_SHOWN = 40
"""Characters of an agent's display name, by Google's guide to agents."""
DESCRIPTION_SHOWN = 100
"""Characters of an agent's description, by Google's guide to agents."""
MOST_ANSWER = 1000
"""Characters of an answer in Twilio's registration; the others publish no limit."""

LABELS = {
    "phone": "Phone",
    "email": "E-mail",
    "website": "Website",
    "privacy": "Privacy policy",
    "terms": "Terms of service",
}
"""What subscribers see beside a contact, unless another label is typed; never translated."""

_USE_CASES = {
    "OTP": N_("one-time passwords"),
    "TRANSACTIONAL": N_("transactional"),
    "PROMOTIONAL": N_("promotional"),
    "MULTI_USE": N_("several of these"),
    "MULTIUSE": N_("several of these"),
}
_BILLING = {
    "NON_CONVERSATIONAL": N_("by message"),
    "CONVERSATIONAL": N_("by conversation"),
}
_HOSTING = {
    "NORTH_AMERICA": N_("North America"),
    "EUROPE": N_("Europe"),
    "ASIA_PACIFIC": N_("Asia and the Pacific"),
}


@dataclass(frozen=True, slots=True)
class ProfileLimits:
    """What a provider asks of a profile; None where it publishes nothing, and Google's rule warns.

    Attributes:
        brand_name, display_name, description, label: characters.
        use_cases: values of the use case.
        countries: codes of where it has RCS, blanks between; empty when it publishes no list.
        other_countries: how bad any other country is.
    """

    brand_name: int | None = None
    display_name: int | None = None
    description: int | None = None
    label: int | None = None
    use_cases: tuple[str, ...] = ("OTP", "TRANSACTIONAL", "PROMOTIONAL", "MULTI_USE")
    countries: str = ""
    other_countries: Severity = Severity.WARNING


def profile_specs(limits: ProfileLimits, names: Iterable[str]) -> dict[str, FieldSpec]:
    """Return the fields of those names, in that order, with a provider's limits."""
    specs = {**_brand(limits), **_contacts(limits), **_agent(limits), **_LAUNCH}
    return {name: _counted(specs[name]) for name in names}


def _counted(spec: FieldSpec) -> FieldSpec:
    """Return a field that tells how much of its limit is taken, unless it tells something else."""
    most = spec.max_length
    if most is None or most >= MOST_URL or spec.note is not None:
        return spec
    return replace(spec, note=_count_of(most))


def _count_of(most: int) -> Callable[[str], str]:
    return lambda text: _("{count} of {most}").format(count=len(text), most=most)


def _brand(limits: ProfileLimits) -> Mapping[str, FieldSpec]:
    return {
        "brand_name": FieldSpec(
            label=N_("Brand name"),
            help=N_("The company behind the agent, as it is registered."),
            placeholder="Acme",
            max_length=limits.brand_name,
            check=check_plain,
            summary=True,
        ),
        "display_name": FieldSpec(
            label=N_("Display name"),
            help=N_("What subscribers see as the sender; nobody else may have it."),
            placeholder="Acme",
            max_length=limits.display_name,
            check=check_plain if limits.display_name else plain_up_to(NAME_SHOWN),
            note=_count_of(limits.display_name or NAME_SHOWN),
            summary=True,
        ),
        "description": FieldSpec(
            label=N_("Description"),
            help=N_("What the agent is for, in plain text."),
            placeholder="News and offers of Acme",
            max_length=limits.description,
            check=check_plain if limits.description else plain_up_to(DESCRIPTION_SHOWN),
            note=_count_of(limits.description or DESCRIPTION_SHOWN),
        ),
        "color": FieldSpec(
            label=N_("Colour"),
            help=N_("Of the agent's page, dark enough for white letters: 4.5 : 1 at least."),
            placeholder="#1A5FB4",
            tidy=tidy_color,
            check=check_color,
            note=color_note,
        ),
        "logo": FieldSpec(
            label=N_("Logo"),
            help=N_("Public https address, or a file to check: PNG or JPEG, 224×224."),
            placeholder="https://www.example.com/logo.png",
            max_length=MOST_URL,
            check=check_picture,
        ),
        "banner": FieldSpec(
            label=N_("Banner"),
            help=N_("Public https address, or a file to check: PNG or JPEG, 1440×448."),
            placeholder="https://www.example.com/banner.png",
            max_length=MOST_URL,
            check=check_picture,
        ),
    }


def _contacts(limits: ProfileLimits) -> Mapping[str, FieldSpec]:
    phone = FieldSpec(
        label=N_("Phone"),
        help=N_("A number that subscribers can call."),
        placeholder="+390212345678",
        tidy=tidy_phone,
        check=check_phone,
        note=phone_note,
    )
    email = FieldSpec(
        label=N_("E-mail"),
        help=N_("An address that subscribers can write to."),
        placeholder="care@example.com",
        max_length=100,
        check=check_email,
    )
    website = _page(N_("Website"), N_("The brand's own page."), "https://www.example.com")
    privacy = _page(N_("Privacy policy"), N_("Its public page."), "https://www.example.com/privacy")
    terms = _page(N_("Terms of service"), N_("Their public page."), "https://www.example.com/terms")

    def label_of(text: str, shown: str) -> FieldSpec:
        return FieldSpec(
            label=text,
            help=N_("What subscribers see beside it."),
            max_length=limits.label,
            check=check_plain,
            default=shown,
        )

    return {
        "phone": phone,
        "phone_label": label_of(N_("Label of the phone"), LABELS["phone"]),
        "email": email,
        "email_label": label_of(N_("Label of the e-mail"), LABELS["email"]),
        "website": website,
        "website_label": label_of(N_("Label of the website"), LABELS["website"]),
        "privacy": privacy,
        "privacy_label": label_of(N_("Label of the policy"), LABELS["privacy"]),
        "terms": terms,
        "terms_label": label_of(N_("Label of the terms"), LABELS["terms"]),
    }


def _agent(limits: ProfileLimits) -> Mapping[str, FieldSpec]:
    return {
        "billing_category": _choice(
            N_("Billing category"),
            N_("How Google and the carriers charge; fixed once the agent exists."),
            _BILLING,
            _BILLING,
        ),
        "use_case": _choice(
            N_("Use case"),
            N_("Decides what may be sent; fixed once the agent is launched."),
            limits.use_cases,
            _USE_CASES,
        ),
        "hosting_region": _choice(
            N_("Hosting region"),
            N_("Where the agent's data stay; fixed once the agent exists."),
            _HOSTING,
            _HOSTING,
        ),
        "countries": FieldSpec(
            label=N_("Countries"),
            kind=Kind.WORDS,
            help=N_("Where the agent is to be launched, as two letters each: IT, DE."),
            placeholder="IT, DE",
            tidy=tidy_countries,
            check=countries_of(limits.countries.split(), limits.other_countries),
        ),
        "test_numbers": FieldSpec(
            label=N_("Test devices"),
            kind=Kind.WORDS,
            help=N_("Numbers of handsets with RCS, whose owners accept the invitation."),
            placeholder="+393331234567",
            tidy=tidy_numbers,
            check=check_numbers,
        ),
    }


def _page(label: str, help: str, placeholder: str) -> FieldSpec:  # noqa: A002 - FieldSpec's name
    return FieldSpec(
        label=label, help=help, placeholder=placeholder, max_length=MOST_URL, check=check_web
    )


def _choice(
    label: str,
    help: str,  # noqa: A002 - FieldSpec's name
    values: Iterable[str],
    names: Mapping[str, str],
) -> FieldSpec:
    return FieldSpec(
        label=label,
        kind=Kind.CHOICE,
        help=help,
        choices=tuple(Choice(value, names[value]) for value in values),
    )


def _answer(label: str, help: str) -> FieldSpec:  # noqa: A002 - FieldSpec's name
    return FieldSpec(
        label=label, help=help, group=GROUP_LAUNCH, max_length=MOST_ANSWER, check=check_plain
    )


def _of_launch(spec: FieldSpec) -> FieldSpec:
    return replace(spec, group=GROUP_LAUNCH)


_LAUNCH: Mapping[str, FieldSpec] = {
    "contact_name": _answer(N_("Contact"), N_("First and last name of who answers for the brand.")),
    "contact_title": _answer(N_("Contact's title"), N_("The role in the company.")),
    "contact_email": _of_launch(
        FieldSpec(
            label=N_("Contact's e-mail"),
            help=N_("Of the brand's own domain: who verifies writes there."),
            placeholder="ada@example.com",
            max_length=100,
            check=check_email,
        )
    ),
    "opt_in": _answer(N_("Opt-in"), N_("How and where subscribers agree to messages.")),
    "opt_in_image": _of_launch(
        _page(
            N_("Picture of the opt-in"),
            N_("A screenshot at a public https address."),
            "https://www.example.com/opt-in.png",
        )
    ),
    "opt_out": _answer(N_("Opt-out reply"), N_("What is answered to STOP.")),
    "trigger": _answer(N_("Trigger"), N_("What makes the agent send its first message.")),
    "interactions": _answer(N_("Interactions"), N_("What subscribers can do with the agent.")),
    "reviewer_access": _answer(
        N_("Access for reviewers"), N_("How a reviewer gets to see the agent at work.")
    ),
    "video": _of_launch(
        _page(
            N_("Video"),
            N_("Public https address; it shows the agent in use, and STOP."),
            "https://www.example.com/agent.mp4",
        )
    ),
}
