"""The boundary for foreign text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.text import REPLACEMENT, clean, fold, printable_json, shorten_middle


@given(st.text())
def test_cleaned_text_is_printable_and_keeps_its_length(text: str) -> None:
    cleaned = clean(text)
    assert cleaned.isprintable()
    assert len(cleaned) == len(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_printable_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


def test_escape_sequences_and_bidi_overrides_are_replaced() -> None:
    assert clean("a\x1b[31mb") == f"a{REPLACEMENT}[31mb"
    assert clean("\u202egnp.exe") == f"{REPLACEMENT}gnp.exe"
    assert clean("a\nb\tc", keep="\n") == f"a\nb{REPLACEMENT}c"


@given(st.text(), st.integers(min_value=4, max_value=60))
def test_shortened_text_fits(text: str, width: int) -> None:
    short = shorten_middle(text, width)
    assert len(short) <= width
    assert short == text or ("…" in short and short[0] == text[0] and short[-1] == text[-1])


@pytest.mark.parametrize(
    ("text", "width", "short"),
    [
        ("AC00112233445566778899aabbccddeeff", 14, "AC0011223…eeff"),
        ("short", 5, "short"),
    ],
)
def test_the_middle_goes_first(text: str, width: int, short: str) -> None:
    assert shorten_middle(text, width) == short


def test_half_characters_of_the_command_line_find_nothing_and_harm_nothing() -> None:
    assert fold("A\udcffÄ") == "a\ufffdä"
    fold("\ud800\udfff").encode()


@given(st.recursive(st.text() | st.characters(categories=["Cc", "Cs", "Cf"]), st.lists))
def test_json_says_the_same_and_holds_nothing_that_a_terminal_heeds(document: object) -> None:
    for indent in (None, 2):
        written = printable_json(document, indent=indent)
        assert json.loads(written) == document
        assert written.replace("\n", "").isprintable()
