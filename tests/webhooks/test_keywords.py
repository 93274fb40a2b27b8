"""What a text means: keywords in any dress, near misses of an opt-out, and everything else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.webhooks.keywords import (
    DEFAULT_WORDS,
    LONGEST_TEXT,
    NO_MATCH,
    Category,
    Match,
    folded,
    match,
    prepare,
)

OWN = {
    **DEFAULT_WORDS,
    Category.OPT_OUT: (*DEFAULT_WORDS[Category.OPT_OUT], "Stop All", "İptal"),
    Category.DOUBLE_OPT_IN: ("JOIN",),
    Category.CUSTOM: ("👍",),
}
EXACT = prepare(OWN)
FUZZY = prepare(OWN, is_fuzzy=True)
WORDS = [(category, word) for category, words in OWN.items() for word in words]


@pytest.mark.parametrize(
    ("text", "category", "keyword"),
    [
        ("STOP", Category.OPT_OUT, "STOP"),
        ("  «Stop!»\n", Category.OPT_OUT, "STOP"),
        ("ＳＴＯＰ", Category.OPT_OUT, "STOP"),
        ("st\u200bop", Category.OPT_OUT, "STOP"),
        ("st\ufffdop", Category.OPT_OUT, "STOP"),  # As `clean` leaves it.
        ("STOP 🛑\ufe0f", Category.OPT_OUT, "STOP"),
        ("stop\u00a0  all.", Category.OPT_OUT, "Stop All"),
        ("IPTAL", Category.OPT_OUT, "İptal"),
        ("UNSUBSCRİBE", Category.OPT_OUT, "UNSUBSCRIBE"),
        ("unsubscrıbe", Category.OPT_OUT, "UNSUBSCRIBE"),
        ("yes please", Category.DEFAULT, ""),
        ("“Yes”", Category.OPT_IN, "YES"),
        ("join", Category.DOUBLE_OPT_IN, "JOIN"),
        ("help?", Category.HELP, "HELP"),
        ("👍\ufe0f", Category.CUSTOM, "👍"),
        ("👎", Category.DEFAULT, ""),
        ("STOP STOP", Category.DEFAULT, ""),
        ("please stop by", Category.DEFAULT, ""),
        ("s-t-o-p", Category.DEFAULT, ""),
        ("", Category.DEFAULT, ""),
        (" " * LONGEST_TEXT + "STOP", Category.DEFAULT, ""),
    ],
)
def test_the_whole_text_is_the_keyword(text: str, category: Category, keyword: str) -> None:
    assert match(text, EXACT) == Match(category, keyword)


DECORATION = st.text(st.sampled_from(" \t\n.,!?\"'«»“”()*_-~…🛑❗\ufe0f\u200b\u200e\ufeff\u00a0"))


@given(st.sampled_from(WORDS), st.data(), DECORATION, DECORATION)
def test_any_casing_and_decoration_of_a_keyword_matches(
    known: tuple[Category, str], data: st.DataObject, before: str, after: str
) -> None:
    category, word = known
    cases = data.draw(st.lists(st.booleans(), min_size=len(word), max_size=len(word)))
    cased = "".join(c.upper() if up else c.lower() for c, up in zip(word, cases, strict=True))
    text = before[:20] + cased + after[:20]
    if category is Category.CUSTOM:
        text = cased  # Signs around a sign are not decoration.
    assert match(text, FUZZY) == Match(category, word)


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.lists(st.text(max_size=8)), st.booleans())
def test_any_text_is_understood_with_any_keywords(
    text: str, words: list[str], is_fuzzy: bool
) -> None:
    keywords = prepare({Category.HELP: words, Category.OPT_OUT: words[:2]}, is_fuzzy=is_fuzzy)
    found = match(text, keywords)
    assert found.is_fuzzy <= (is_fuzzy and found.category is Category.OPT_OUT)
    assert (found == NO_MATCH) == (not found.keyword)


@given(st.text(min_size=LONGEST_TEXT + 1))
def test_a_long_text_is_no_keyword(text: str) -> None:
    assert match(text, FUZZY) is NO_MATCH


def test_a_word_of_two_categories_opts_out_rather_than_in() -> None:
    both = prepare({Category.OPT_IN: ["GO"], Category.CUSTOM: ["go"], Category.OPT_OUT: ["Go"]})
    assert match("go", both) == Match(Category.OPT_OUT, "Go")


@pytest.mark.parametrize(
    ("text", "near_to"),
    [
        ("CANCIL", "CANCEL"),
        ("STPO", "STOP"),
        ("tsop", "STOP"),
        ("stopp", "STOP"),
        ("STOOOOP!!", "STOP"),
        ("nooooo", "NO"),
        ("S.T.O.P", "STOP"),
        ("UNSUSCRIBE", "UNSUBSCRIBE"),
        ("unsubscribed", "UNSUBSCRIBE"),
        ("stop please", "STOP"),
        ("ok stop now", "STOP"),
        ("no thanks", "NO"),
        ("Leave me alone!", "leave me alone"),
        ("remove me from your list", "remove me from your list"),
        ("Take me off this list please", "take me off this list"),
        ("stop texting me", "stop texting me"),
        ("please stop sending me these messages", "stop sending me these messages"),
        ("don’t text me anymore", "dont text me anymore"),
        ("stop it", "stop it"),
        ("No more texts", "no more texts"),
        ("I'd like to unsubscribe", "id like to unsubscribe"),
        ("I am not interested", "i am not interested"),
        ("screw you", "screw you"),
        ("get lost", "get lost"),
    ],
)
def test_what_comes_near_to_an_opt_out_is_told_only_when_asked_for(text: str, near_to: str) -> None:
    assert match(text, FUZZY) == Match(Category.OPT_OUT, near_to, is_fuzzy=True)
    assert match(text, EXACT) is NO_MATCH


@pytest.mark.parametrize(
    "text",
    [
        *("NOW", "spot", "shop", "top", "step", "store", "not", "nope", "know", "on"),
        *("and", "send", "bend", "ended", "quite", "quiet", "suit", "cancer", "SUBSCRIB"),
        *("subscribed", "resubscribe", "unstp", "strat", "starts", "yes", "ok", "ok now", "please"),
        *("don't stop texting me", "do not stop", "stop by tomorrow", "bus stop", "the end"),
        *("cancel my order", "cancel it", "end of story", "oh no", "no problem", "call me"),
        *("when do you stop serving", "Can you text me the address?", "leave me a message"),
        *("I love this list", "how do I subscribe", "thank you", "get me off at the station"),
        "please stop sending me these messages, I have told you twice already",
    ],
)
def test_what_people_write_for_other_reasons_is_no_near_miss(text: str) -> None:
    assert not match(text, FUZZY).is_fuzzy


@given(st.sampled_from(WORDS))
def test_an_exact_match_comes_before_a_fuzzy_one(known: tuple[Category, str]) -> None:
    keywords = prepare({**OWN, Category.HELP: ("HELP", "STPO", "get lost")}, is_fuzzy=True)
    assert match("stpo", keywords) == Match(Category.HELP, "STPO")
    assert match("Get lost!", keywords) == Match(Category.HELP, "get lost")
    assert match("STP", keywords) is NO_MATCH  # As near to the help word.
    if known[0] is not Category.HELP:
        assert match(known[1], keywords) == Match(*known)


def test_a_default_word_that_was_left_out_is_near_to_an_opt_out() -> None:
    keywords = prepare({Category.OPT_OUT: ["ARRESTA"]}, is_fuzzy=True)
    assert match("stop", keywords) == Match(Category.OPT_OUT, "STOP", is_fuzzy=True)
    assert match("aresta", keywords) == Match(Category.OPT_OUT, "ARRESTA", is_fuzzy=True)
