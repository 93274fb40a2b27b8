"""Messages for the tests of content and its pictures."""

from __future__ import annotations

from hypothesis import strategies as st

from smstui.rcs.content import (
    Card,
    Content,
    ContentKind,
    Height,
    Orientation,
    Suggestion,
    Width,
)

SHOP = Suggestion("Shop", "https://www.example.com/coats")
CALL = Suggestion("Call us", "tel:+390212345678")
WHERE = Suggestion("Our shop", "geo:45.4642,9.19 Acme Milano")
HERE = Suggestion("I am here", "location https://www.example.com/find")
DATE = Suggestion(
    "Fitting",
    "2030-03-01T10:00+01:00/2030-03-01T11:00+01:00 Fitting at Acme https://www.example.com/when",
)
THANKS = Suggestion("Thanks")

COATS = Card(
    "Winter sale",
    "Coats and boots at half the price until Sunday.",
    "https://cdn.example.com/img/coats-2030.png",
    suggestions=(SHOP, CALL),
)
BOOTS = Card(
    "Boots",
    "Dry feet.",
    "https://cdn.example.com/img/boots.mp4",
    Height.TALL,
    suggestions=(SHOP, CALL),
)
FALLBACK = "Coats and boots at half the price until Sunday: https://www.example.com/coats"

TEXT = Content(
    text="Your order 4711 is on its way. It is with you on Tuesday.",
    suggestions=(SHOP, CALL, WHERE, HERE, DATE, THANKS),
    fallback="Your order 4711 is on its way.",
)
CARD = Content(ContentKind.CARD, cards=(COATS,), suggestions=(THANKS,), fallback=FALLBACK)
CAROUSEL = Content(ContentKind.CAROUSEL, cards=(COATS, BOOTS, COATS), fallback=FALLBACK)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.text(
    st.sampled_from("ab \n\t\x1b\x00文字ガ😀👍🏽e\u0301❤\ufe0f\u200d\u200b\u202e¿"), max_size=60
)
SUGGESTIONS = st.lists(
    st.builds(
        Suggestion,
        TEXTS,
        TEXTS | st.sampled_from([one.action for one in TEXT.suggestions]),
    ),
    max_size=4,
).map(tuple)
CARDS = st.builds(
    Card,
    TEXTS,
    TEXTS,
    TEXTS | st.just(COATS.media) | st.just("https://[x"),
    st.sampled_from(Height),
    st.sampled_from(Orientation),
    SUGGESTIONS,
)
CONTENTS = st.builds(
    Content,
    st.sampled_from(ContentKind),
    TEXTS,
    st.lists(CARDS, max_size=4).map(tuple),
    st.sampled_from(Width),
    SUGGESTIONS,
    TEXTS,
)
"""Any message, also one that makes no sense."""
