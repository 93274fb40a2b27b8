"""Carrying out a provider's conversation without any network."""

from __future__ import annotations

from smstui.providers.base import Dialogue, Outcome, Response


def talk(dialogue: Dialogue, answers: list[Response]) -> Outcome:
    """Return what a conversation comes to, given its answers; they are repeated, then faults."""
    try:
        next(dialogue)
        for answer in [*answers, *answers, *answers, *[Response(500)] * 9]:
            dialogue.send(answer)
    except StopIteration as stop:
        outcome: Outcome = stop.value
        return outcome
    raise AssertionError("the conversation does not end")
