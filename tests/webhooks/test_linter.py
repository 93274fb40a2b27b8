"""The keyword linter: what is wrong or doubtful, at which field, and how bad it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.providers.fields import Draft, Severity
from smstui.webhooks.keywords import REPLY_FIELDS, WORD_FIELDS
from smstui.webhooks.linter import lint

CALM: Draft = {
    "sender_phone_number": "+15005550006",
    "serves": "Marketing",
    "opt_out_reply": "You are out. Reply START to come back.",
    "help_reply": "Acme. Reply STOP to opt out.",
}
"""A webhook with the default words and nothing to say about it."""
LONG = "Grazie " * 30
ERROR, WARNING = Severity.ERROR, Severity.WARNING


def told(draft: Draft, *own_answers: str) -> list[tuple[str, Severity, str]]:
    return [(i.field, i.severity, i.message) for i in lint({**CALM, **draft}, set(own_answers))]


def test_a_usual_webhook_is_left_in_peace() -> None:
    assert told({}) == []


@pytest.mark.parametrize(
    ("draft", "field", "severity", "words"),
    [
        ({"opt_out_keywords": "QUIT, NO"}, "opt_out_keywords", ERROR, "STOP is missing"),
        (
            {"opt_out_keywords": "", "opt_out_reply": ""},
            "opt_out_keywords",
            ERROR,
            "STOP is missing",
        ),
        (
            {"help_keywords": "HELP, yes"},
            "help_keywords",
            ERROR,
            "yes is a keyword of Opt-In already",
        ),
        ({"custom_keyword": "«Stop»"}, "custom_keyword", ERROR, "a keyword of Opt-Out already"),
        (
            {"opt_out_keywords": "STOP, ANNULLA"},
            "opt_out_keywords",
            WARNING,
            "ANNULLA looks like a translation of CANCEL, which is missing",
        ),
        (
            {"opt_in_keywords": "START, SÌ"},
            "opt_in_keywords",
            WARNING,
            "SÌ looks like a translation of YES",
        ),
        ({"help_keywords": "AIUTO, INFO"}, "help_keywords", WARNING, "translation of HELP"),
        ({"opt_in_keywords": ""}, "opt_in_keywords", WARNING, "nobody can opt in again"),
        ({"opt_out_reply": ""}, "opt_out_reply", WARNING, "nobody learns"),
        ({"help_reply": None}, "help_reply", WARNING, "stays unanswered"),
        ({"double_opt_in_keywords": "JOIN"}, "double_opt_in_reply", WARNING, "asked to confirm"),
        (
            {"double_opt_in_keywords": "JOIN", "double_opt_in_reply": "Startled? Say so."},
            "double_opt_in_reply",
            WARNING,
            "names no opt-in keyword",
        ),
        ({"custom_reply": "Hello"}, "custom_reply", WARNING, "No keyword leads to this reply"),
        (
            {"default_reply_message": LONG},
            "default_reply_message",
            WARNING,
            "2 parts: 210 units, and one part holds 160",
        ),
        (
            {"opt_in_reply": "Ça marche, à bientôt. " * 4},
            "opt_in_reply",
            WARNING,
            "“ô” (LATIN SMALL LETTER O WITH CIRCUMFLEX) forces UCS-2",
        ),
        ({"fuzzy_logic": True}, "fuzzy_auto_response", WARNING, "does nothing"),
        (
            {"fuzzy_logic": True, "fuzzy_auto_response": LONG},
            "fuzzy_auto_response",
            WARNING,
            "2 parts",
        ),
        ({"serves": "Both"}, "serves", WARNING, "transactional ones too"),
    ],
)
def test_each_trouble_is_told_once_at_its_field(
    draft: Draft, field: str, severity: Severity, words: str
) -> None:
    ((where, how_bad, said),) = told(draft)
    assert (where, how_bad) == (field, severity)
    assert words in said


def test_a_short_code_may_not_have_its_words_handled() -> None:
    issues = told({"sender_phone_number": "12345"}, "HELP")
    assert [(field, severity) for field, severity, _said in issues] == [
        ("opt_in_keywords", WARNING),
        ("help_keywords", WARNING),
    ]


def test_what_the_provider_answers_itself_is_told_at_the_reply() -> None:
    ((field, severity, said),) = told({}, "HELP", "INFO")
    assert (field, severity) == ("help_reply", WARNING)
    assert "answers HELP, INFO itself" in said
    assert told({"help_reply": ""}, "HELP") == []


def test_words_in_capitals_and_signs_are_the_same_word() -> None:
    assert told({"opt_out_keywords": "stop."}) == []


@pytest.mark.parametrize("reply", ["Reply yes to confirm.", "Antworte mit „START“!"])
def test_a_double_opt_in_that_names_an_opt_in_word_is_right(reply: str) -> None:
    assert told({"double_opt_in_keywords": "JOIN", "double_opt_in_reply": reply}) == []


VALUES = st.none() | st.booleans() | st.integers() | st.text() | st.builds(SecretStr, st.text())
FIELDS = st.sampled_from([*CALM, *WORD_FIELDS.values(), *REPLY_FIELDS.values(), "fuzzy_logic"])


@given(st.dictionaries(FIELDS, VALUES))
def test_any_fields_can_be_looked_at(draft: Draft) -> None:
    assert all(issue.message.endswith(".") for issue in lint(draft, {"STOP"}))
