from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.extraction import Extraction, check_path, extract, members, try_out

FIELD, PATH = Extraction.FIELD_MATCH, Extraction.DOT_PATH
ANSWER = {"messages": [{"to": "+39", "messageId": "m-1"}, {"messageId": "m-2"}], "id": 7}
DOCUMENT: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=15,
)


@pytest.mark.parametrize(
    ("mode", "path", "value"),
    [
        (FIELD, "messageId", "m-1"),
        (FIELD, "id", "7"),
        (FIELD, "nothing", ""),
        (FIELD, "messages", ""),
        (PATH, "messages.0.messageId", "m-1"),
        (PATH, "messages.1.messageId", "m-2"),
        (PATH, "messages.2.messageId", ""),
        (PATH, "messages.-1.messageId", ""),
        (PATH, "messages.messageId", ""),
        (PATH, "messages", ""),
        (PATH, "id", "7"),
        (PATH, "id.0", ""),
        (Extraction.NONE, "id", ""),
    ],
)
def test_what_is_found(mode: Extraction, path: str, value: str) -> None:
    assert extract(ANSWER, mode, path) == value


def test_field_match_takes_the_first_hit_in_the_order_of_the_document() -> None:
    assert extract({"a": {"id": "deep"}, "id": "shallow"}, FIELD, "id") == "deep"
    assert extract({"id": None, "a": [{"id": {}}, {"id": "real"}]}, FIELD, "id") == "real"


@pytest.mark.parametrize("value", [True, False, None, {}, [], ""])
def test_only_texts_and_numbers_are_ids(value: Any) -> None:
    assert extract({"id": value}, PATH, "id") == ""


def test_a_deep_answer_does_not_overflow() -> None:
    deep: Any = {"id": "bottom"}
    for _level in range(5000):
        deep = {"x": deep}
    assert extract(deep, FIELD, "id") == "bottom"


@given(DOCUMENT)
def test_every_member_can_be_found_by_its_key(document: Any) -> None:
    for key, value in members(document):
        if isinstance(value, int) and not isinstance(value, bool):
            assert extract(document, FIELD, key) != ""


@pytest.mark.parametrize("path", ["$.id", "messages[0].id", "a..b", ".a", "a."])
def test_paths_of_another_language_are_told_apart(path: str) -> None:
    assert check_path(PATH, path)
    assert check_path(FIELD, path) == ""


def test_trying_out_on_a_pasted_answer() -> None:
    pasted = '{"messages": [{"id": "m-1"}]}'
    assert try_out(pasted, PATH, "messages.0.id").value == "m-1"
    assert "nothing at messages.1.id" in try_out(pasted, PATH, "messages.1.id").said
    assert "leading $" in try_out(pasted, PATH, "$.messages.0.id").said
    assert "Line 1, column 2" in try_out("{", PATH, "a").said
