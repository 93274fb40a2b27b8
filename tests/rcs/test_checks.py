"""What the fields of a business profile take, and what they say to anything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.fields import Severity, check_field, joined_words
from smstui.rcs import checks
from smstui.rcs.base import Route
from smstui.rcs.routes.registry import routes

ROUTES = list(routes().values())


@pytest.mark.parametrize(
    ("color", "contrast"),
    [
        ("#000000", 21.0),
        ("#FFFFFF", 1.0),
        ("#767676", 4.54),  # the palest grey that WCAG's own examples let pass
        ("#777777", 4.48),
        ("#0000FF", 8.59),
        ("#FF0000", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(color: str, contrast: float) -> None:
    found = checks.contrast_to_white(color)
    assert found is not None
    assert round(found, 2) == contrast
    said = [message for _severity, message in checks.check_color(color)]
    assert bool(said) == (contrast < 4.5)


def test_a_pale_colour_hears_its_ratio_never_rounded_up() -> None:
    assert "4.4 : 1" in next(checks.check_color("#777777"))[1]
    assert checks.color_note("#777777") == "contrast 4.4 : 1"
    assert checks.color_note("no colour") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1a5fb4", "#1A5FB4"), (" #abc ", "#AABBCC"), ("blue", "blue"), ("#12345", "#12345")],
)
def test_colours_are_written_in_one_way(typed: str, kept: str) -> None:
    assert checks.tidy_color(typed).value == kept


CASES = [
    ("description", "Offers & news: 5 > 3, [new] {now}", None),
    ("description", "Offers of <b>Acme</b>", "HTML"),
    ("description", "Offers &amp; news", "HTML"),
    ("description", '{"text": "Offers"}', "JSON"),
    ("description", "Offers\\nand news", "backslash"),
    ("email", "care@example.com", None),
    ("email", "care@example", "care@example.com"),
    ("email", "Care <care@example.com>", "care@example.com"),
    ("phone", "+390212345678", None),
    ("phone", "02 123456", "country code"),
    ("website", "https://www.example.com/a?b=c", None),
    ("website", "http://www.example.com", "https://"),
    ("website", "www.example.com", "whole address"),
    ("website", "https://user:word@example.com", "no user"),
    ("website", "https://intranet/", "dot"),
    ("website", "https://www.example.com/ciò", "percent"),
    ("website", "https://[::1", "whole address"),
    ("privacy", "https://", "whole address"),
    ("logo", "ftp://example.com/logo.png", "https://"),
    ("logo", "~/logo.gif", "PNG or JPEG"),
    ("color", "red", "six digits"),
    ("countries", "IT, DE", None),
    ("countries", "IT, Germany", "two letters"),
    ("test_numbers", "+393331234567, +390212345678", None),
    ("test_numbers", "+393331234567, 333", "333: "),
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize(("name", "value", "error"), CASES)
def test_each_field_says_what_is_wrong(
    route: Route, name: str, value: str, error: str | None
) -> None:
    issues = check_field(name, route.profile_fields()[name], value)
    errors = [issue.message for issue in issues if issue.severity is Severity.ERROR]
    assert not errors if error is None else error in " ".join(errors)


@pytest.mark.parametrize(
    ("route", "name", "most"),
    [
        ("Infobip", "brand_name", 100),
        ("Infobip", "display_name", 40),
        ("Infobip", "description", 100),
        ("Infobip", "phone_label", 25),
        ("Infobip", "privacy_label", 25),
        ("Infobip", "email", 100),
        ("Sinch", "description", 100),
        ("Twilio", "opt_in", 1000),
        ("Twilio", "reviewer_access", 1000),
    ],
)
def test_the_providers_own_lengths_hold(route: str, name: str, most: int) -> None:
    spec = routes()[route].profile_fields()[name]
    domain = "@example.com"
    value = "a" * (most - len(domain)) + domain if name == "email" else "a" * most
    too_long = f"At most {most} characters"
    assert not any(too_long in issue.message for issue in check_field(name, spec, value))
    assert too_long in check_field(name, spec, value + "a")[0].message


def test_where_a_provider_says_no_length_googles_is_a_warning() -> None:
    spec = routes()["Twilio"].profile_fields()["description"]
    (issue,) = check_field("description", spec, "a" * 101)
    assert issue.severity is Severity.WARNING


def test_a_country_without_rcs_stops_sinch_and_warns_at_twilio() -> None:
    for name, severity in (("Sinch", Severity.ERROR), ("Twilio", Severity.WARNING)):
        spec = routes()[name].profile_fields()["countries"]
        (issue,) = check_field("countries", spec, "IT, JP")
        assert (issue.severity, "JP" in issue.message) == (severity, True)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("DemoSender", None),
        ("a-1_b", None),
        ("ab", "at least 3"),
        ("123", "one letter"),
        ("Demo Sender", "one letter"),
        ("a" * 41, "At most 40"),
    ],
)
def test_infobips_sender_names(value: str, error: str | None) -> None:
    spec = routes()["Infobip"].account_fields()["sender_name"]
    said = " ".join(issue.message for issue in check_field("sender_name", spec, value))
    assert said == "" if error is None else error in said


@pytest.mark.parametrize(
    ("typed", "kept", "is_right"),
    [
        ("acme_x1y2_agent", "rcs:acme_x1y2_agent", True),
        ("rcs:acme_x1y2_agent", "rcs:acme_x1y2_agent", True),
        ("acme_x1y2_agent@rbm.goog", "rcs:acme_x1y2_agent", True),
        ("rcs:acme agent", "rcs:acme agent", False),
        ("", "", True),
    ],
)
def test_twilios_sender_ids(typed: str, kept: str, is_right: bool) -> None:
    spec = routes()["Twilio"].account_fields()["sender_id"]
    assert spec.tidy(typed).value == kept
    assert (check_field("sender_id", spec, kept) == []) == is_right


def test_a_picture_may_be_a_file_which_the_provider_cannot_reach() -> None:
    ((severity, said),) = checks.check_picture("~/logo.PNG")
    assert severity is Severity.WARNING
    assert "https" in said
    assert not list(checks.check_picture("https://www.example.com/logo"))


def test_test_devices_are_tidied_and_counted() -> None:
    typed = "0039 333 1234567; +39 333-1234567\n+393337654321"
    assert checks.tidy_numbers(typed).value == "+393331234567, +393337654321"
    many = joined_words(f"+3933312345{n:02}" for n in range(21))
    assert [severity for severity, _said in checks.check_numbers(many)] == [Severity.WARNING]
    too_many = joined_words(f"+39333123{n:04}" for n in range(201))
    assert [severity for severity, _said in checks.check_numbers(too_many)] == [Severity.ERROR]


def test_country_codes_are_tidied() -> None:
    assert checks.tidy_countries(" it de;fr,IT ").value == "IT, DE, FR"


@given(st.text(max_size=60))
def test_no_text_breaks_a_field(text: str) -> None:
    for route in ROUTES:
        for name, spec in {**route.account_fields(), **route.profile_fields()}.items():
            for value in (text, spec.tidy(text).value):
                for issue in check_field(name, spec, value):
                    assert issue.message
                    if spec.note:
                        spec.note(value)
