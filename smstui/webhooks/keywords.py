"""Keyword categories, and what a text that a subscriber sent means.

Categories, labels and default words are Adobe's (page on webhooks). The rule is the providers' own:
the whole message is the keyword, so "STOP" opts out and "please stop by" does not. Not counted are
upper and lower case, full-width forms, characters that nobody sees, and whatever is no letter or
digit around the words: blanks, punctuation, quotes, emoji. Blanks between words count as one. Other
signs inside count, and so do accents.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from smstui.i18n import N_
from smstui.providers.fields import Draft, text_of, words_of
from smstui.text import REPLACEMENT
from smstui.webhooks.fuzzy import opt_out_hint


class Category(StrEnum):
    """What a keyword means. The values are kept in the store: never change one."""

    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    DOUBLE_OPT_IN = "double_opt_in"
    HELP = "help"
    CUSTOM = "custom"
    DEFAULT = "default"
    """Nothing matched."""


LABELS: Mapping[Category, str] = {
    Category.OPT_IN: N_("Opt-In"),
    Category.OPT_OUT: N_("Opt-Out"),
    Category.DOUBLE_OPT_IN: N_("Double Opt-In"),
    Category.HELP: N_("Help"),
    Category.CUSTOM: N_("Custom"),
    Category.DEFAULT: N_("Default"),
}
"""Adobe's labels, in the order of the form."""

DEFAULT_WORDS: Mapping[Category, tuple[str, ...]] = {
    Category.OPT_IN: ("SUBSCRIBE", "YES", "UNSTOP", "CONTINUE", "RESUME", "BEGIN", "START"),
    Category.OPT_OUT: ("STOP", "QUIT", "CANCEL", "END", "UNSUBSCRIBE", "NO"),
    Category.DOUBLE_OPT_IN: (),
    Category.HELP: ("HELP", "INFO", "INFORMATION"),
    Category.CUSTOM: (),
}
"""What a new webhook starts with: what people type, so never translated."""

WORD_FIELDS: Mapping[Category, str] = {
    Category.OPT_IN: "opt_in_keywords",
    Category.OPT_OUT: "opt_out_keywords",
    Category.DOUBLE_OPT_IN: "double_opt_in_keywords",
    Category.HELP: "help_keywords",
    Category.CUSTOM: "custom_keyword",
}
"""The field of a webhook that holds a category's keywords."""

REPLY_FIELDS: Mapping[Category, str] = {
    Category.OPT_IN: "opt_in_reply",
    Category.OPT_OUT: "opt_out_reply",
    Category.DOUBLE_OPT_IN: "double_opt_in_reply",
    Category.HELP: "help_reply",
    Category.CUSTOM: "custom_reply",
    Category.DEFAULT: "default_reply_message",
}
"""The field of a webhook that holds a category's reply."""

LONGEST_KEYWORD = 40
"""Characters of one keyword; ours, Adobe names no limit."""

LONGEST_TEXT = 160
"""A longer text is a letter and no keyword, however much of it is decoration."""

_PRECEDENCE = (
    Category.OPT_OUT,
    Category.HELP,
    Category.OPT_IN,
    Category.DOUBLE_OPT_IN,
    Category.CUSTOM,
)
"""Whose word it is when several categories claim it: a doubt never opts anyone in."""

_KEYCAP = "\N{COMBINING ENCLOSING KEYCAP}"
_VARIATION_SELECTORS = frozenset(chr(n) for n in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u02bc\u00b4`", "'"))
_DOTLESS = {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "i\N{COMBINING DOT ABOVE}": "i"}
"""Turkish keyboards make these of the capital I and of the small i."""


@dataclass(frozen=True, slots=True)
class Match:
    """What a text means.

    Attributes:
        category: whose keyword it is, `Category.DEFAULT` when nothing matched.
        keyword: as the admin typed it; of a fuzzy match the word or phrase it comes near to; empty
            when nothing matched.
        is_fuzzy: it only looks like an opt-out. It is answered with the fuzzy reply, and never
            opts anyone out.
    """

    category: Category
    keyword: str = ""
    is_fuzzy: bool = False


@dataclass(frozen=True, slots=True)
class Keywords:
    """The keywords of one webhook, made ready by `prepare`.

    Attributes:
        words: folded keywords to their category and to how they were typed.
        opt_out: what texts are compared with that only come near to an opt-out: folded keywords to
            how they were typed, Adobe's default words among them; None when that is switched off.
        others: the folded keywords that are none of these.
    """

    words: Mapping[str, tuple[Category, str]] = field(repr=False)
    opt_out: Mapping[str, str] | None = field(default=None, repr=False)
    others: frozenset[str] = field(default=frozenset(), repr=False)


NO_MATCH = Match(Category.DEFAULT)


def words_in(draft: Draft, category: Category) -> tuple[str, ...]:
    """Return a category's keywords in a webhook's fields.

    A field that is missing holds its default words, one that was emptied holds none.
    """
    name = WORD_FIELDS[category]
    return words_of(draft[name]) if name in draft else DEFAULT_WORDS[category]


def reply_in(draft: Draft, category: Category, *, is_fuzzy: bool = False) -> str:
    """Return what a category is answered in a webhook's fields; empty for nothing."""
    return text_of(draft.get("fuzzy_auto_response" if is_fuzzy else REPLY_FIELDS[category]))


def folded(text: str) -> str:
    """Return what of a text counts when it is compared with a keyword."""
    text = text.lower() if text.isascii() else _folded_letters(text)
    text = " ".join(text.translate(_APOSTROPHES).split())
    start, end = 0, len(text)
    while start < end and _is_decoration(text[start]):
        start += 1
    while end > start and _is_decoration(text[end - 1]):
        end -= 1
    # A text of signs alone is not decorated: "👍" and "?" may be keywords.
    return text[start:end] or text


def prepare(words: Mapping[Category, Iterable[str]], *, is_fuzzy: bool = False) -> Keywords:
    """Return keywords ready for `match`.

    Args:
        words: the keywords of each category, as typed.
        is_fuzzy: whether texts that come near to an opt-out are told.
    """
    table: dict[str, tuple[Category, str]] = {}
    for category in _PRECEDENCE:
        for word in words.get(category, ()):
            table.setdefault(folded(word), (category, word))
    table.pop("", None)
    if not is_fuzzy:
        return Keywords(table)
    opt_out = {word: typed for word, (whose, typed) in table.items() if whose is Category.OPT_OUT}
    for typed in DEFAULT_WORDS[Category.OPT_OUT]:
        if folded(typed) not in table:
            opt_out[folded(typed)] = typed
    return Keywords(table, opt_out, frozenset(table.keys() - opt_out.keys()))


def match(text: str, keywords: Keywords) -> Match:
    """Return what a text means; any text is understood, if only as `Category.DEFAULT`.

    An exact match of any category comes before a fuzzy one.
    """
    if len(text) > LONGEST_TEXT:
        return NO_MATCH
    word = folded(text)
    found = keywords.words.get(word)
    if found is not None:
        return Match(*found)
    if keywords.opt_out is None:
        return NO_MATCH
    hint = opt_out_hint(word, keywords.opt_out, keywords.others)
    if not hint:
        return NO_MATCH
    return Match(Category.OPT_OUT, keywords.opt_out.get(hint, hint), is_fuzzy=True)


def _folded_letters(text: str) -> str:
    text = unicodedata.normalize("NFKC", text)
    seen = "".join(c for c in text if not _is_invisible(c))
    seen = unicodedata.normalize("NFKC", seen.casefold())
    for letter, plain in _DOTLESS.items():
        seen = seen.replace(letter, plain)
    return seen


def _is_invisible(character: str) -> bool:
    """Whether nobody sees it; what `clean` put in the place of such characters is one, too."""
    return (
        character in (REPLACEMENT, _KEYCAP)
        or character in _VARIATION_SELECTORS
        or unicodedata.category(character) == "Cf"
    )


def _is_decoration(character: str) -> bool:
    # Marks belong to the letter before: many scripts end words in one.
    return not character.isalnum() and unicodedata.category(character)[0] != "M"
