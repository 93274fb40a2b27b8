"""Try a reply: what one text does, without any network."""

from __future__ import annotations

from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.providers.fields import Draft
from smstui.webhooks.consent import ConsentState
from smstui.webhooks.keywords import Category
from smstui.webhooks.trial import Trial, keywords_of, try_reply

IN, OUT, ASKED = ConsentState.OPTED_IN, ConsentState.OPTED_OUT, ConsentState.ASKED
DRAFT: Draft = {
    "sender_phone_number": "+15005550006",
    "serves": "Both",
    "opt_in_reply": "Welcome.",
    "opt_out_reply": "Bye.",
    "fuzzy_logic": True,
    "fuzzy_auto_response": "Reply STOP to opt out.",
    "double_opt_in_keywords": "JOIN, CLUB",
    "double_opt_in_reply": "Reply YES to confirm.",
    "help_reply": "",
    "custom_keyword": "HOURS",
    "custom_reply": "Ten to six. ☕ " * 6,
    "default_reply_message": "We did not understand.",
}
BLOCKS = (
    "STOP blocks every later message of this sender, transactional ones too. "
    "Use a sender of its own for each kind."
)
SILENT = "No reply is set, so nothing is answered."


@pytest.mark.parametrize(
    ("text", "before", "expected"),
    [
        ("stop", IN, (Category.OPT_OUT, "STOP", False, "Bye.", 1, IN, OUT, (BLOCKS,))),
        ("yes!", ASKED, (Category.OPT_IN, "YES", False, "Welcome.", 1, ASKED, IN, ())),
        (
            "club",
            None,
            (Category.DOUBLE_OPT_IN, "CLUB", False, "Reply YES to confirm.", 1, None, ASKED, ()),
        ),
        (
            "stpo",
            IN,
            (Category.OPT_OUT, "STOP", True, "Reply STOP to opt out.", 1, IN, IN, ()),
        ),
        (
            "info",
            OUT,
            (Category.HELP, "INFO", False, "", 0, OUT, OUT, (SILENT,)),
        ),
        (
            "what?",
            None,
            (Category.DEFAULT, "", False, "We did not understand.", 1, None, None, ()),
        ),
    ],
)
def test_a_text_has_its_category_reply_and_effect(
    text: str, before: ConsentState | None, expected: tuple[object, ...]
) -> None:
    trial = try_reply(DRAFT, text, before)
    assert astuple(trial)[:-1] == expected
    assert trial.explanation.endswith(".")


def test_a_reply_of_several_parts_names_the_character_at_fault() -> None:
    trial = try_reply(DRAFT, "hours")
    assert (trial.category, trial.reply_parts) == (Category.CUSTOM, 2)
    assert trial.warnings == ("This reply takes 2 parts: “☕” (HOT BEVERAGE) forces UCS-2.",)


def test_an_explanation_says_what_happened_and_to_whom() -> None:
    assert try_reply(DRAFT, "Stop.").explanation == (
        "STOP is a keyword of Opt-Out. The subscriber is opted out of +15005550006."
    )
    assert "opts nobody out" in try_reply(DRAFT, "leave me alone").explanation


def test_missing_keywords_are_the_defaults_and_emptied_ones_are_none() -> None:
    assert try_reply({}, "unstop").category is Category.OPT_IN
    assert try_reply({"opt_in_keywords": ""}, "unstop").category is Category.DEFAULT
    assert try_reply({"opt_in_keywords": None}, "unstop").category is Category.DEFAULT


def test_changed_keywords_count_at_once() -> None:
    first = {"custom_keyword": "A1"}
    assert try_reply(first, "a1").category is Category.CUSTOM
    first["custom_keyword"] = "B2"
    assert try_reply(first, "a1").category is Category.DEFAULT
    assert keywords_of(first) is keywords_of({"custom_keyword": "B2"})


def test_a_trial_shows_no_reply_when_it_is_printed() -> None:
    assert "Bye." not in repr(try_reply(DRAFT, "stop"))


@given(
    st.text(max_size=200),
    st.dictionaries(st.sampled_from(list(DRAFT)), st.text(max_size=200) | st.booleans()),
    st.sampled_from([None, *ConsentState]),
)
def test_any_text_can_be_tried_with_any_fields(
    text: str, draft: dict[str, str | bool], before: ConsentState | None
) -> None:
    trial = try_reply(draft, text, before)
    assert isinstance(trial, Trial)
    if trial.is_fuzzy or trial.category is Category.DEFAULT:
        assert trial.consent_after is before
