"""What a list of channel configurations is narrowed by, as it is typed: words and three filters."""

from __future__ import annotations

import re

from smstui.channels.base import STATE_WORDS
from smstui.i18n import _
from smstui.store.channel_records import ChannelQuery
from smstui.text import fold

_TOKEN = re.compile(
    r'(?:(?P<key>channel|user|status):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S*))', re.IGNORECASE
)
STATUS = "status"


def parse_filter(text: str, sort: str = "name", *, descending: bool = False) -> ChannelQuery:
    """Return what a typed filter asks for.

    ``channel:RCS user:ada status:failed`` and words, in any order; all must fit. A status may be
    cut short, and be in the person's language.

    Args:
        text: as it was typed.
        sort: the column.
        descending: turns the order round.
    """
    words: list[str] = []
    named = {"channel": "", "user": "", STATUS: ""}
    for token in _TOKEN.finditer(text):
        key, value = (token["key"] or "").lower(), token["quoted"] or token["bare"] or ""
        if not value:
            continue  # It is still being typed.
        if key:
            named[key] = value
        else:
            words.append(value)
    return ChannelQuery(
        text=" ".join(words),
        sort=sort,
        descending=descending,
        channel=named["channel"].upper(),
        user=named["user"],
        state=_state(named[STATUS]) if named[STATUS] else "",
    )


def next_status(text: str) -> str:
    """Return a filter with the status after the one that it asks for; after the last, none."""
    present = parse_filter(text).state
    others = re.sub(rf"\b{STATUS}:\S*", "", text, flags=re.IGNORECASE).strip()
    states = ["", *STATE_WORDS]
    following = states[(states.index(present) + 1) % len(states)] if present in states else ""
    return f"{STATUS}:{following.lower()} {others}".strip() if following else others


def _state(typed: str) -> str:
    """Return the status that begins as typed; what no status begins with finds nothing."""
    wanted = fold(typed)
    for state, word in STATE_WORDS.items():
        if fold(state).startswith(wanted) or fold(_(word)).startswith(wanted):
            return str(state)
    return typed
