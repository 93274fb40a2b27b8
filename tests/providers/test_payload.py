from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.fields import Severity
from smstui.providers.payload import (
    FORM_TYPE,
    VARIABLES,
    InvalidJson,
    NotAForm,
    check_content_type,
    check_json_object,
    check_template,
    encode_body,
    fill,
    form_pairs,
    parse_json,
    tidy_block,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
NASTY = st.sampled_from(
    [
        '"',
        "\\",
        '"}',
        "\n",
        "{{toNumber}}",
        "{{message}}",
        "{%= encode64(message) %}",
        "é",
        "😀",
        "\0",
    ]
)
ANY_TEXT = st.one_of(TEXT, st.lists(NASTY | TEXT, max_size=6).map("".join))
PLAIN_TEXT = TEXT.filter(lambda text: "{" not in text)
TEMPLATE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | PLAIN_TEXT | st.sampled_from(["{{message}}"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN_TEXT, inner, max_size=4),
    max_leaves=12,
)
GOOD = '{"from": "{{fromNumber}}", "to": "{{toNumber}}", "text": "{{message}}"}'


def swapped(template: Any, text: str) -> Any:
    """Put a text in the place of the variable, by walking the template instead of searching."""
    if isinstance(template, dict):
        return {key: swapped(value, text) for key, value in template.items()}
    if isinstance(template, list):
        return [swapped(value, text) for value in template]
    return text if template == "{{message}}" else template


@given(TEMPLATE, ANY_TEXT)
def test_no_text_breaks_out_of_the_template(template: Any, text: str) -> None:
    body = encode_body(fill(template, {"message": text}), "application/json")
    assert json.loads(body) == swapped(template, text)


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_values_are_filled_once_and_not_into_each_other(one: str, two: str, three: str) -> None:
    template = {"a": "{{fromNumber}}", "b": ["x {{toNumber}} y"], "c": {"d": "{{ message }}"}}
    filled = fill(template, dict(zip(VARIABLES, (one, two, three), strict=True)))
    assert filled == {"a": one, "b": [f"x {two} y"], "c": {"d": three}}


@given(ANY_TEXT)
def test_both_spellings_of_encode64_encode(text: str) -> None:
    filled = fill(["{{encode64 message}}", "{%= encode64(message) %}!"], {"message": text})
    assert [base64.b64decode(value).decode() for value in (filled[0], filled[1][:-1])] == [text] * 2


@given(ANY_TEXT)
def test_a_form_holds_exactly_the_text(text: str) -> None:
    template = {"To": "{{toNumber}}", "Body": "{{message}}", "Tag": ["a", "b"], "N": 3, "No": None}
    body = encode_body(fill(template, {"toNumber": "+39", "message": text}), FORM_TYPE)
    pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    assert pairs == [("To", "+39"), ("Body", text), ("Tag", "a"), ("Tag", "b"), ("N", "3")]


def test_unknown_variables_stay() -> None:
    assert fill("{{profile.name}} {{message}}", {"message": "x"}) == "{{profile.name}} x"


@pytest.mark.parametrize("document", [{"a": {"b": 1}}, {"a": [[1]]}, {"a": [{"b": 1}]}, ["a"]])
def test_what_is_nested_is_no_form(document: Any) -> None:
    with pytest.raises(NotAForm):
        form_pairs(document)


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("", 1, 1, "nothing here"),
        ('{"a": {{message}}}', 1, 8, 'between double quotes, like "{{message}}"'),
        ('{\n  "a": {{message}}\n}', 2, 9, "between double quotes"),
        ("{'a': 1}", 1, 2, "double quotes, not single"),
        ("{“a”: 1}", 1, 2, "typographic"),
        ('{"a": 1,}', 1, 9, "comma too many"),
        ("[1,\n]", 2, 1, "comma too many"),
        ('{"a" 1}', 1, 6, "colon is missing"),
        ('{"a": 1 "b": 2}', 1, 9, "comma"),
        ('{"a": "x\n"}', 1, 9, "line break"),
        ('{"a": "x', 1, 7, "no closing quote"),
        ('{"a": "\\x"}', 1, 8, "backslash"),
        ('{"a": 1', 1, 8, "bracket is still open"),
        ('{"a": 1} x', 1, 10, "left over"),
        ('{"a": // why\n1}', 1, 7, "no comments"),
        ("{a: 1}", 1, 2, "name in double quotes"),
        ('{"a": tru}', 1, 7, "value is missing"),
    ],
)
def test_malformed_json_is_told_with_line_and_column(
    text: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(InvalidJson) as raised:
        parse_json(text)
    assert (raised.value.line, raised.value.column) == (line, column)
    assert f"Line {line}, column {column}: " in raised.value.message
    assert words in raised.value.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1, "a": 2}', "a occurs twice"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1e999}', "too large"),
        ("1" * 5000, "too long"),
        ("[" * 101 + "]" * 101, "100 levels"),
        ("[" * 100_000, "100 levels"),
        ('"\\ud800"', "half a character"),
    ],
)
def test_json_that_could_not_be_sent_as_written_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidJson) as raised:
        parse_json(text)
    assert words in raised.value.message


@given(TEXT | st.lists(st.sampled_from('{}[]",:\\ntu01 '), max_size=30).map("".join))
def test_any_text_is_json_for_us_exactly_when_it_is_for_python(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(InvalidJson):
            parse_json(text)
        return
    try:
        document = parse_json(text)
    except InvalidJson as error:
        has_place = error.line > 0
    else:
        assert document == expected
        return
    assert not has_place  # well-formed, refused for a reason of its own


def test_a_good_template_has_nothing_wrong() -> None:
    assert list(check_template(GOOD)) == []


@pytest.mark.parametrize(
    ("text", "severity", "words"),
    [
        ('{"to": "{{toNumber}}", "text": "{{message}}"}', Severity.ERROR, "{{fromNumber}}"),
        ('{"x": 1}', Severity.ERROR, "{{fromNumber}}, {{toNumber}}, {{message}}"),
        (GOOD[:-1] + ', "{{message}}": 1}', Severity.ERROR, "stands in a name"),
        (GOOD[:-1] + ', "app": "<App ID>"}', Severity.ERROR, "<App ID>"),
        (GOOD[:-1] + ', "x": "{{profile.name}}"}', Severity.WARNING, "{{profile.name}}"),
        (GOOD[:-1] + ', "x": "{{ oops"}', Severity.WARNING, "double curly brackets"),
        ('"{{fromNumber}}{{toNumber}}{{message}}"', Severity.ERROR, "neither an object nor a list"),
        ("{", Severity.ERROR, "Line 1, column 2"),
    ],
)
def test_what_is_wrong_with_a_template(text: str, severity: Severity, words: str) -> None:
    found = list(check_template(text))
    assert any(s is severity and words in message for s, message in found), found


def test_encode64_counts_as_a_mention() -> None:
    template = '["{{fromNumber}}", "{{toNumber}}", "{{encode64 message}}"]'
    assert list(check_template(template)) == []


def test_claims_are_an_object() -> None:
    assert list(check_json_object('{"a": 1}')) == []
    assert [s for s, _message in check_json_object("[1]")] == [Severity.ERROR]
    assert [s for s, _message in check_json_object("{")] == [Severity.ERROR]


@pytest.mark.parametrize(
    "kind", ["application/json", "Application/JSON; charset=utf-8", FORM_TYPE, "application/a+json"]
)
def test_bodies_that_can_be_made(kind: str) -> None:
    assert check_content_type(kind) == ""


@pytest.mark.parametrize("kind", ["", "text/xml", "application/jsonx", "multipart/form-data"])
def test_bodies_that_cannot_be_made(kind: str) -> None:
    assert FORM_TYPE in check_content_type(kind)


@given(ANY_TEXT)
def test_tidying_a_block_a_second_time_changes_nothing(text: str) -> None:
    once = tidy_block(text).value
    assert tidy_block(once).value == once
    assert "\r" not in once


def test_a_pasted_template_keeps_its_lines() -> None:
    assert tidy_block('\ufeff{\r\n\t"a": 1\r\n}\r\n').value == '{\n\t"a": 1\n}'
