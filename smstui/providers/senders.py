"""What providers say of a sender: it is the account's, it is not, or nobody can tell."""

from __future__ import annotations

from smstui.i18n import _
from smstui.providers.base import Outcome, Result

FIELD = "sender_number"
"""Where a sender is typed that is asked about."""


def owned(said: str) -> Outcome:
    """Return the outcome for a sender that is the account's, with one line on it."""
    return Outcome(result=Result.PASSED, word=_("sender owned"), summary=said)


def not_owned(sender: str, cause: str, next_step: str) -> Outcome:
    """Return the outcome for a sender that the account does not have."""
    return Outcome(
        result=Result.FAILED,
        word=_("sender unknown"),
        summary=_("{sender} is not in this account").format(sender=sender),
        cause=cause,
        next_step=next_step,
        field=FIELD,
    )


def incapable(sender: str, channel: str) -> Outcome:
    """Return the outcome for a sender that is the account's and cannot carry a channel."""
    return Outcome(
        result=Result.FAILED,
        word=_("wrong capability"),
        summary=_("{sender} cannot send {channel}").format(sender=sender, channel=channel),
        cause=_("The provider lists the sender without that capability."),
        next_step=_("Choose a sender that has it, or another channel."),
        field=FIELD,
    )


def unseen(cause: str, next_step: str = "") -> Outcome:
    """Return the outcome where this login, or this list, does not tell."""
    return Outcome(
        result=Result.SKIPPED,
        word=_("not told"),
        summary=_("the provider does not tell this login"),
        cause=cause,
        next_step=next_step,
        field=FIELD,
    )
