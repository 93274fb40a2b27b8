"""Consent of one subscriber to the texts of one sender, and how keywords change it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from smstui.i18n import N_, _
from smstui.webhooks.keywords import Category, Match


class ConsentState(StrEnum):
    """Where a subscriber stands with a sender. The values are kept in the store."""

    OPTED_IN = "in"
    OPTED_OUT = "out"
    ASKED = "asked"
    """A double opt-in began; it takes an opt-in keyword to complete it."""


STATE_WORDS: Mapping[ConsentState, str] = {
    ConsentState.OPTED_IN: N_("opted in"),
    ConsentState.OPTED_OUT: N_("opted out"),
    ConsentState.ASKED: N_("asked to confirm"),
}


def next_state(before: ConsentState | None, match: Match) -> ConsentState | None:
    """Return the consent that a text leads to, None when it changes nothing.

    A fuzzy match never changes it (Adobe's pages differ; the cautious one holds). A double opt-in
    is a first step: it asks, and takes nothing from who is opted in already.

    Args:
        before: the consent so far, None when nothing is known.
        match: what the text means.
    """
    if match.is_fuzzy:
        return None
    match match.category:
        case Category.OPT_IN:
            after = ConsentState.OPTED_IN
        case Category.OPT_OUT:
            after = ConsentState.OPTED_OUT
        case Category.DOUBLE_OPT_IN if before is not ConsentState.OPTED_IN:
            after = ConsentState.ASKED
        case _:
            return None
    return None if after is before else after


def describe(
    before: ConsentState | None,
    after: ConsentState | None,
    *,
    subscriber: str = "",
    sender: str = "",
) -> str:
    """Return what a text did to consent, as one sentence for a person.

    Args:
        before: the consent before, None when nothing was known.
        after: the consent since, the same as before when nothing changed.
        subscriber: whose consent; empty for "the subscriber".
        sender: to whose texts; empty for "this sender".
    """
    who, whom = subscriber or _("The subscriber"), sender or _("this sender")
    if after is None:
        return _("{who} neither opted in nor out of {sender}.").format(who=who, sender=whom)
    if after is before:
        said = {
            ConsentState.OPTED_IN: _("{who} stays opted in to {sender}."),
            ConsentState.OPTED_OUT: _("{who} stays opted out of {sender}."),
            ConsentState.ASKED: _("{who} still has to confirm the opt-in to {sender}."),
        }[after]
    elif after is ConsentState.OPTED_IN and before is ConsentState.ASKED:
        said = _("{who} confirmed, and is opted in to {sender}.")
    else:
        said = {
            ConsentState.OPTED_IN: _("{who} is opted in to {sender}."),
            ConsentState.OPTED_OUT: _("{who} is opted out of {sender}."),
            ConsentState.ASKED: _("{who} is asked to confirm the opt-in to {sender}."),
        }[after]
    return said.format(who=who, sender=whom)
