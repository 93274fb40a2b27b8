"""Fields by themselves: tidying, and what is wrong with one value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.fields import (
    Choice,
    FieldSpec,
    Kind,
    Severity,
    Tidied,
    Value,
    check_field,
    is_empty,
    strip_blanks,
)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("  AC00  ", "AC00"),
        ("AC00\r\n", "AC00"),
        ("AC00\\n", "AC00"),
        ("\\nAC00\\r\\n ", "AC00"),
        ("AC\x1b00", "AC00"),
        ("twilio main", "twilio main"),
    ],
)
def test_what_copying_drags_along_is_removed_and_said(pasted: str, kept: str) -> None:
    tidied = strip_blanks(pasted)
    assert tidied.value == kept
    assert bool(tidied.said) == (pasted != kept)


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = strip_blanks(text).value
    assert strip_blanks(once) == Tidied(once)


NUMBER = FieldSpec(label="Validity Period", kind=Kind.NUMBER, minimum=1, maximum=48)
CHOICE = FieldSpec(
    label="Region", kind=Kind.CHOICE, choices=(Choice("us", "US"), Choice("eu", "EU"))
)
NAME = FieldSpec(label="Name", required=True, max_length=5)
SECRET = FieldSpec(
    label="Token", kind=Kind.SECRET, check=lambda text: [(Severity.WARNING, f"{len(text)} long")]
)


@pytest.mark.parametrize(
    ("spec", "value", "messages"),
    [
        (NUMBER, "12", []),
        (NUMBER, 12, []),
        (NUMBER, "", []),
        (NUMBER, "12x", ["Validity Period is a whole number."]),
        (NUMBER, "0", ["The least is 1."]),
        (NUMBER, "49", ["The most is 48."]),
        (CHOICE, "us", []),
        (CHOICE, "mars", ["Region is one of: us, eu."]),
        (NAME, "", ["Name is missing."]),
        (NAME, None, ["Name is missing."]),
        (NAME, "abcdef", ["At most 5 characters; this has 6."]),
        (SECRET, SecretStr("hunter2"), ["7 long"]),
        (SECRET, SecretStr(""), []),
    ],
)
def test_one_value_by_itself(spec: FieldSpec, value: Value, messages: list[str]) -> None:
    assert [issue.message for issue in check_field("x", spec, value)] == messages


def test_a_switch_that_is_off_is_not_empty() -> None:
    assert not is_empty(False)
    assert is_empty(())
    assert not is_empty((("a", "b"),))
