from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui import i18n
from smstui.messaging.countries import COUNTRIES, country_name
from smstui.messaging.numbers import (
    E164,
    Number,
    NumberProblem,
    alphanumeric_problem,
    is_short_code,
    parse_number,
    tidy_number,
)


@pytest.fixture
def italian() -> Iterator[None]:
    i18n.set_language("it")
    yield
    i18n.set_language("en")


def number(text: str) -> Number:
    parsed = parse_number(text)
    assert isinstance(parsed, Number)
    return parsed


def problem(text: str) -> str:
    parsed = parse_number(text)
    assert isinstance(parsed, NumberProblem)
    return parsed.message


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+39 333 123 4567", "+393331234567"),
        ("0039 (333) 123-45.67", "+393331234567"),
        ("\u202a+39\u00a0333 1234567\u202c", "+393331234567"),
        ("+39/333/1234567", "+393331234567"),
        ("tel:+39-333-1234567", "+393331234567"),
        ("\uff0b\uff13\uff19 333 1234567", "+393331234567"),
        ("\u0663\u0669", "39"),
        ("+44 (0)20 7946 0000", "+442079460000"),
        ("+39 (06) 1234 5678", "+390612345678"),
        ("  hello  ", "hello"),
        ("rcs:+393331234567", "rcs:+393331234567"),
    ],
)
def test_what_people_write_becomes_e164(written: str, e164: str) -> None:
    assert tidy_number(written) == e164


@pytest.mark.parametrize(
    ("text", "note", "shown"),
    [
        ("+393331234567", "Italy, mobile", "+39 333 123 4567"),
        ("+390612345678", "Italy, landline", "+39 06 1234 5678"),
        ("+14155550123", "United States", "+1 415-555-0123"),
        ("+80012345678", "international, toll-free", "+800 1234 5678"),
    ],
)
def test_country_and_kind_are_told(text: str, note: str, shown: str) -> None:
    parsed = number(text)
    assert (parsed.note, parsed.shown, parsed.warning) == (note, shown, "")


@pytest.mark.usefixtures("italian")
def test_the_country_is_told_in_italian() -> None:
    assert number("+4915112345678").country == "Germania"


@pytest.mark.parametrize("last", range(10))
def test_magic_numbers_of_twilio_are_numbers(last: int) -> None:
    assert number(f"+1500555000{last}").e164 == f"+1500555000{last}"


@pytest.mark.parametrize("text", ["+15551234567", "+447700900123", "+999123456", "+391", "+12"])
def test_a_number_that_cannot_exist_is_only_doubtful(text: str) -> None:
    assert number(text).warning


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "missing"),
        ("   ", "missing"),
        ("3331234567", "country code is missing"),
        ("+0393331234567", "begins with 0"),
        ("+3933312345678901", "At most 15 digits; this has 16"),
        ("+39 333 CALL", "this has C"),
        ("+39\x1b333", "this has \ufffd"),
        ("+", "too short"),
        ("+3", "too short"),
    ],
)
def test_what_is_no_number_says_why(text: str, says: str) -> None:
    assert says in problem(text)


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_text_gets_an_answer_and_tidying_settles(text: str) -> None:
    parsed = parse_number(text)
    if isinstance(parsed, Number):
        assert E164.fullmatch(parsed.e164)
        assert tidy_number(parsed.e164) == parsed.e164
        assert tidy_number(parsed.shown) == parsed.e164
    else:
        assert parsed.message.isprintable()


@settings(deadline=None)
@given(st.from_regex(E164, fullmatch=True), st.sampled_from([" ", "-", ".", "\u00a0"]))
def test_blanks_and_dashes_never_matter(e164: str, between: str) -> None:
    assert number(between.join(e164)).e164 == e164


def test_short_codes_and_alphanumeric_senders() -> None:
    assert is_short_code("12345")
    assert not is_short_code("12")
    assert not is_short_code("1234567")
    assert not is_short_code("\u0661\u0662\u0663")
    assert alphanumeric_problem("Acme Shop") == ""
    assert "this has 12" in alphanumeric_problem("Acme Company")
    assert "At least one letter" in alphanumeric_problem("12345")
    assert "only" in alphanumeric_problem("Caffè")
    assert "missing" in alphanumeric_problem("")


def test_every_region_has_a_name_in_both_languages() -> None:
    import phonenumbers

    assert set(COUNTRIES) == set(phonenumbers.SUPPORTED_REGIONS)
    assert country_name("ZZ") == "ZZ"


def test_the_number_library_waits_for_the_first_number() -> None:
    code = "import sys, smstui.messaging.numbers as n; assert 'phonenumbers' not in sys.modules; "
    code += "n.parse_number('+393331234567'); assert 'phonenumbers.geodata' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
