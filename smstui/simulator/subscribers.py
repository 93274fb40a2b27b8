"""Subscribers who answer: the last five digits of the number are the answer on a phone's keys.

A message that was delivered to +39 333 12 07867 is answered with STOP (7-8-6-7), one to
+39 333 12 04357 with HELP, to +39 333 12 78278 with START, to +39 333 12 00937 with YES. It is the
same for all vendors.
"""

from __future__ import annotations

from datetime import timedelta

from smstui.simulator.tricks import tail

REPLIES = {7867: "STOP", 4357: "HELP", 78278: "START", 937: "YES"}
"""Last digits of the recipient to what is answered."""

REPLY_AFTER = timedelta(seconds=1.5)
"""How long one takes to read and to answer."""


def reply_of(number: str) -> str:
    """Return what a recipient answers to a message; empty for nothing."""
    return REPLIES.get(tail(number), "")
