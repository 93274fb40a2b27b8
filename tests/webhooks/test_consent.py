"""Consent: every state with every kind of text."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.webhooks.consent import ConsentState, describe, next_state
from smstui.webhooks.keywords import DEFAULT_WORDS, Category, Match, match, prepare

IN, OUT, ASKED = ConsentState.OPTED_IN, ConsentState.OPTED_OUT, ConsentState.ASKED
STATES = (None, IN, OUT, ASKED)
TABLE = {
    (None, Category.OPT_IN): IN,
    (OUT, Category.OPT_IN): IN,
    (ASKED, Category.OPT_IN): IN,
    (None, Category.OPT_OUT): OUT,
    (IN, Category.OPT_OUT): OUT,
    (ASKED, Category.OPT_OUT): OUT,
    (None, Category.DOUBLE_OPT_IN): ASKED,
    (OUT, Category.DOUBLE_OPT_IN): ASKED,
}
"""All that changes anything."""


@pytest.mark.parametrize(("before", "category"), list(product(STATES, Category)))
def test_a_text_leads_to_its_consent_or_changes_nothing(
    before: ConsentState | None, category: Category
) -> None:
    assert next_state(before, Match(category, "X")) is TABLE.get((before, category))
    assert next_state(before, Match(category, "X", is_fuzzy=True)) is None


@given(st.sampled_from(STATES), st.text(max_size=30) | st.sampled_from(["STPO", "stop it", "nooo"]))
def test_a_fuzzy_match_never_changes_consent(before: ConsentState | None, text: str) -> None:
    found = match(text, prepare(DEFAULT_WORDS, is_fuzzy=True))
    if found.is_fuzzy:
        assert next_state(before, found) is None


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (None, OUT, "+39 is opted out of +1500."),
        (ASKED, IN, "+39 confirmed, and is opted in to +1500."),
        (OUT, OUT, "+39 stays opted out of +1500."),
        (OUT, ASKED, "+39 is asked to confirm the opt-in to +1500."),
        (None, None, "+39 neither opted in nor out of +1500."),
    ],
)
def test_a_change_is_told_in_one_sentence(
    before: ConsentState | None, after: ConsentState | None, said: str
) -> None:
    assert describe(before, after, subscriber="+39", sender="+1500") == said


def test_every_change_can_be_told_without_names() -> None:
    said = {describe(before, after) for before, after in product(STATES, STATES) if after}
    assert all(s.startswith("The subscriber ") and s.endswith(" this sender.") for s in said)
