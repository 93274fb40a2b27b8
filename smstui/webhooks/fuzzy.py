"""Texts that come near to an opt-out: misspelt keywords, phrases, and people who had enough.

What is found here is a hint and no more: the subscriber is told how to opt out. So what people
write for other reasons (shop, quite, now) must stay out. Phrases are English, as Adobe's are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

LONGEST = 48
"""Characters of a text that is looked at; who writes more means more."""

_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"(.)\1{2,}")

_BEFORE = frozenset(
    ("please", "pls", "plz", "just", "ok", "okay", "hey", "hi", "hello", "and", "can", "you")
)
_AFTER = frozenset(
    ("please", "pls", "plz", "now", "thanks", "thank", "you", "thx", "already", "immediately")
)
"""Politeness and impatience around what is meant."""

_ORDINARY = (
    frozenset(("shop", "slop", "sop", "step", "stomp", "stoop", "stow", "strop", "swop", "stoup"))
    | frozenset(("quid", "quiet", "quilt", "quint", "quip", "quite", "quits", "quiz", "quoit"))
    | frozenset(("cancer", "chancel"))
)
"""English words one slip away from a default keyword; whoever writes one means it."""

_WRITING = (
    "texting|txting|messaging|spamming|contacting|bothering|sending|calling|writing|harassing|"
    "annoying|pestering"
)
_WRITE = "text|txt|message|spam|contact|bother|send|call|write|harass|annoy|pester"
_MESSAGES = "texts|messages|msgs|sms|spam|alerts"
_WHOM = "me|us|this number|my number"
_WHAT = rf"(?: (?:these|those|your|any|more|all|so many))*(?: (?:{_MESSAGES}|stuff|this|these|it))?"
_LIST = r"(?: from)?(?: (?:of|this|your|the|all|mailing|text|contact))*(?: lists?)?"

_PHRASE = re.compile(
    "|".join(
        (
            rf"(?:stop|quit) (?:{_WRITING})(?: to)?(?: (?:{_WHOM}))?{_WHAT}(?: any ?more| again)?",
            rf"(?:dont|do not|never) (?:ever )?(?:{_WRITE})(?: to)? (?:{_WHOM}){_WHAT}"
            rf"(?: any ?more| again| ever)*",
            rf"stop(?: (?:all|the|these|those|your))* (?:{_MESSAGES}|stuff|all|this|that|it)",
            rf"(?:end|cancel)(?: (?:all|the|these|those|your|my))* (?:{_MESSAGES})",
            rf"no more (?:{_MESSAGES})",
            rf"(?:remove|delete|unsubscribe|unlist) (?:{_WHOM}){_LIST}",
            rf"(?:take|get) (?:{_WHOM}) off{_LIST}",
            r"(?:(?:i )?(?:want|wish|would like)|(?:i ?d) like) to (?:opt ?out|unsubscribe)",
            r"opt(?: me)? ?out|unsub(?: me)?|how do i (?:opt ?out|unsubscribe)",
            r"leave (?:me|us) alone|lose (?:my|this) number|go away|(?:i ?a?m )?not interested",
            r"get lost|shut up|go to hell|screw (?:you|off)|(?:piss|bugger|buzz|eff|f) off",
            r"get stuffed|drop dead|you suck|i hate (?:you|this|these (?:texts|messages))",
        )
    )
)


def opt_out_hint(text: str, opt_out: Collection[str], others: Collection[str]) -> str:
    """Return the keyword or phrase that a text comes near to; empty when it is near to none.

    Args:
        text: what the subscriber sent, folded.
        opt_out: opt-out keywords, folded.
        others: the keywords of all other categories, folded: what is as near to one of these is
            no hint.
    """
    if len(text) > LONGEST:
        return ""
    everything = _WORD.findall(text.replace("'", ""))
    words = _core(everything)
    if not 0 < len(words) <= _MOST_WORDS:
        return ""
    if _PHRASE.fullmatch(" ".join(everything)):
        return " ".join(everything)  # "screw you" ends in what may be politeness
    spelt = "".join(words) if all(len(word) == 1 for word in words) else " ".join(words)
    if spelt in opt_out or _PHRASE.fullmatch(spelt):
        return spelt
    return _near_miss(spelt, opt_out, others) if " " not in spelt else ""


def _core(words: list[str]) -> list[str]:
    """Return the words without politeness around them."""
    start, end = 0, len(words)
    while start < end and words[start] in _BEFORE:
        start += 1
    while end > start and words[end - 1] in _AFTER:
        end -= 1
    return words[start:end]


def _near_miss(word: str, opt_out: Collection[str], others: Collection[str]) -> str:
    if word in _ORDINARY:
        return ""
    squeezed = _RUN.sub(r"\1", word)
    if squeezed in opt_out:
        return squeezed
    found = _nearest(squeezed, opt_out)
    if found is None:
        return ""
    distance, keyword = found
    rival = _nearest(squeezed, others)
    return "" if rival is not None and rival[0] <= distance else keyword


def _nearest(word: str, keywords: Iterable[str]) -> tuple[int, str] | None:
    """Return the keyword that the fewest slips lead to, if those are few enough."""
    near = (
        (_slips(word, keyword), keyword)
        for keyword in keywords
        if abs(len(word) - len(keyword)) <= _allowed(keyword) and _begins_alike(word, keyword)
    )
    return min((pair for pair in near if pair[0] <= _allowed(pair[1])), default=None)


def _allowed(keyword: str) -> int:
    """Return how many slips a keyword forgives: words of three letters are near to everything."""
    return 0 if len(keyword) < 4 else 1 if len(keyword) < 7 else 2


def _begins_alike(word: str, keyword: str) -> bool:
    # With another first letter, SUBSCRIBE would be near to its opposite.
    return word[:1] == keyword[:1] or word[:2] == keyword[1::-1]


def _slips(one: str, other: str) -> int:
    """Return how many letters were left out, added, mistaken or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
