"""How the receiver stands, for the console that started it and for whoever looks at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from smstui.text import clean


class Standing(StrEnum):
    """How the receiver stands; the values go from process to process."""

    OFF = "off"
    STARTING = "starting"
    LISTENING = "listening"
    TROUBLE = "trouble"
    """It listens, and cannot keep what comes: callers are asked to come again."""
    FAILED = "failed"
    """It could not start, or ended by itself."""


@dataclass(frozen=True, slots=True)
class State:
    """How the receiver stands.

    Attributes:
        standing: in one word.
        url: what URLs of webhooks begin with, while it listens.
        message: what is wrong, one sentence; empty when nothing is.
    """

    standing: Standing = Standing.OFF
    url: str = ""
    message: str = ""

    @property
    def is_on(self) -> bool:
        """Whether calls are answered."""
        return self.standing in (Standing.LISTENING, Standing.TROUBLE)

    def line(self) -> str:
        """Return the state as a line of JSON."""
        values = {"state": self.standing.value, "url": self.url, "message": self.message}
        return json.dumps({name: value for name, value in values.items() if value})

    @classmethod
    def from_line(cls, line: str | bytes) -> State:
        """Return the state that `line` wrote.

        Raises:
            ValueError: it is something else.
        """
        values = json.loads(line)
        if not isinstance(values, dict):
            raise ValueError(line)
        return cls(
            Standing(str(values.get("state"))),
            clean(str(values.get("url", ""))),
            clean(str(values.get("message", ""))),
        )
