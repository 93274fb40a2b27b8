"""Messages drawn as a phone shows them: exact widths for any text, and what there is to see."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from smstui.messaging.parts import count_parts
from smstui.rcs.cells import Line, fit, wrap
from smstui.rcs.content import Card, Content, ContentKind, Orientation, Width
from smstui.rcs.picture import LEAST_WIDTH, picture, sms_picture
from tests.rcs.messages import BOOTS, CARD, CAROUSEL, COATS, CONTENTS, FALLBACK, TEXT, TEXTS

WIDTHS = st.integers(1, 70)


def drawn(lines: list[Line]) -> str:
    """Return the text of a picture."""
    return "\n".join("".join(span.text for span in line) for line in lines)


def assert_exact(lines: list[Line], width: int) -> None:
    """Every line has the width, piece by piece and as a whole, and nothing that moves a cursor."""
    for line in lines:
        text = "".join(span.text for span in line)
        assert sum(cell_len(span.text) for span in line) == width
        assert cell_len(text) == width
        assert text.isprintable()


@given(CONTENTS, TEXTS, WIDTHS, st.integers(0, 40), st.integers(-1, 5))
def test_every_line_is_as_wide_as_promised(
    content: Content, agent: str, width: int, height: int, card: int
) -> None:
    lines = picture(content, agent, width, height=height, card=card)
    assert_exact(lines, max(width, LEAST_WIDTH))
    assert len(lines) >= height


@given(TEXTS.map(lambda text: text * 8), TEXTS, WIDTHS)
def test_every_line_of_an_sms_is_as_wide_as_promised(text: str, sender: str, width: int) -> None:
    assert_exact(sms_picture(text, sender, width), max(width, LEAST_WIDTH))


@given(TEXTS, st.integers(2, 30))
def test_lines_are_never_too_long_and_nothing_gets_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert cell_len(fit(text, width)) == width
    words = "".join(c for c in text if c.isalpha() and c.isascii())
    assert "".join(c for line in lines for c in line if c.isalpha() and c.isascii()) == words


def test_a_text_with_its_suggestions() -> None:
    assert drawn(picture(TEXT, "Acme", 34, height=20)) == (
        "╭────────────────────────────────╮\n"
        "│  A  Acme                       │\n"
        "│     RCS business message       │\n"
        "├────────────────────────────────┤\n"
        "│ ╭─────────────────────────╮    │\n"
        "│ │ Your order 4711 is on   │    │\n"
        "│ │ its way. It is with you │    │\n"
        "│ │ on Tuesday.             │    │\n"
        "│ ╰─────────────────────────╯    │\n"
        "│ (↗ Shop) (☏ Call us)           │\n"
        "│ (◈ Our shop) (◎ I am here)     │\n"
        "│ (▦ Fitting) (↵ Thanks)         │\n"
        "│                                │\n"
        "│                                │\n"
        "│                                │\n"
        "│                                │\n"
        "│ ↗ web page  ☏ call  ◈ map      │\n"
        "│ ◎ your place  ▦ calendar       │\n"
        "│ ↵ reply                        │\n"
        "╰────────────────────────────────╯"
    )


def test_a_card_lying_and_standing() -> None:
    standing = drawn(picture(CARD, "Acme", 34))
    assert "│ │  picture: coats-2030.png ░ │ │" in standing
    assert standing.index("coats-2030") < standing.index("Winter sale")
    assert "│ │ ☏ Call us                  │ │" in standing
    assert "│ (↵ Thanks)" in standing
    lying = dataclasses.replace(COATS, orientation=Orientation.HORIZONTAL)
    beside = drawn(picture(dataclasses.replace(CARD, cards=(lying,)), "Acme", 34))
    assert "│ │ ░░░░░░░░ Winter sale       │ │" in beside


def test_a_carousel_shows_one_card_and_the_beginning_of_the_next() -> None:
    first = drawn(picture(CAROUSEL, "Acme", 34))
    assert "│ │ Winter sale          │ │ ░░░ │" in first
    assert "card 1 of 3 ›" in first
    assert "boots.mp4" not in first
    second = drawn(picture(CAROUSEL, "Acme", 34, card=1))
    assert "film: boots.mp4" in second
    assert "‹ card 2 of 3 ›" in second
    assert "‹ card 3 of 3" in drawn(picture(CAROUSEL, "Acme", 34, card=9))
    small = dataclasses.replace(CAROUSEL, width=Width.SMALL)
    assert drawn(picture(small, "Acme", 60)).count("Winter sale") == 1
    assert "Boots" in drawn(picture(small, "Acme", 60))
    narrow = drawn(picture(CAROUSEL, "Acme", 20))
    assert narrow.index("card 1 of 3") < narrow.index("Boots") < narrow.index("card 3 of 3")


def test_what_is_empty_says_so() -> None:
    assert "nothing typed yet" in drawn(picture(Content(), "", 34))
    assert "an empty card" in drawn(picture(Content(ContentKind.CARD), "", 34))
    assert "card 1 of 1" in drawn(picture(Content(ContentKind.CAROUSEL), "", 34))
    assert "nothing typed yet" in drawn(sms_picture("", "", 34))


@pytest.mark.parametrize("text", [FALLBACK, FALLBACK * 3, "注文は発送されました。" * 9])
def test_an_sms_is_cut_into_the_parts_that_are_charged(text: str) -> None:
    said = drawn(sms_picture(text, "Acme", 40))
    count = count_parts(text).parts
    assert f"{count} part" in said
    assert said.count("── part") == (count if count > 1 else 0)
    assert "SMS, no RCS" in said


def test_wide_characters_and_marks_stay_whole() -> None:
    assert wrap("注文は発送", 4) == ["注文", "は発", "送"]
    assert wrap("e\u0301e\u0301e\u0301", 2) == ["e\u0301e\u0301", "e\u0301"]
    assert fit("注文", 3) == "注…"
    card = Card(title="\x1b[2J注文", media=BOOTS.media)
    said = drawn(picture(Content(ContentKind.CARD, cards=(card,)), "\u202eAcme", 30))
    assert "\x1b" not in said
    assert "\u202e" not in said
