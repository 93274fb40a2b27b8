"""The words of channel configurations: channels, statuses, and the checks of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from smstui.i18n import N_
from smstui.providers.base import Outcome, Result
from smstui.store.channel_records import State, UpdateState


class Channel(StrEnum):
    """What messages are; all three are *Mobile* at Adobe. The values are kept in the store."""

    SMS = "SMS"
    MMS = "MMS"
    RCS = "RCS"


class SmsType(StrEnum):
    """The values of *SMS Type*."""

    MARKETING = "Marketing"
    TRANSACTIONAL = "Transactional"


STATE_WORDS: Mapping[str, str] = {
    State.DRAFT: N_("Draft"),
    State.PROCESSING: N_("Processing"),
    State.ACTIVE: N_("Active"),
    State.FAILED: N_("Failed"),
    State.DEACTIVATED: N_("Deactivated"),
}
UPDATE_WORDS: Mapping[str, str] = {
    UpdateState.PROCESSING: N_("Processing"),
    UpdateState.SUCCESS: N_("Success"),
    UpdateState.FAILED: N_("Failed"),
}

CHECK_WORDS: Mapping[str, str] = {
    "fields": N_("fields"),
    "credential": N_("credential"),
    "connection": N_("connection"),
    "kind": N_("kind of sender"),
    "owner": N_("owner"),
    "webhook": N_("webhook"),
    "keywords": N_("keywords"),
    "purpose": N_("purpose"),
}
"""What the checks of a run are called, in the order in which they come."""

_ORDER = (Result.SKIPPED, Result.PASSED, Result.WARNED, Result.FAILED)


@dataclass(frozen=True, slots=True)
class Check:
    """One check as it stands; texts are translated and free of secrets.

    Attributes:
        name: one of `CHECK_WORDS`.
        result: how it stands; pending while it is awaited, skipped when it was not made.
        summary: one line: what was found, or what is awaited.
        cause: the reason, as sentences.
        next_step: what to do, as a sentence.
        word: two or three words for a list.
        code: the provider's own code.
        seconds: how long it took.
    """

    name: str
    result: Result
    summary: str
    cause: str = ""
    next_step: str = ""
    word: str = ""
    code: str = ""
    seconds: float = 0.0

    @classmethod
    def of(cls, name: str, outcome: Outcome, seconds: float) -> Check:
        """Return a check that came to an outcome; what is still pending there is a warning."""
        result = Result.WARNED if outcome.result is Result.PENDING else outcome.result
        return cls(
            name,
            result,
            outcome.summary,
            outcome.cause,
            outcome.next_step,
            outcome.word,
            outcome.code,
            seconds,
        )

    @property
    def reason(self) -> str:
        """The reason and what to do, as sentences."""
        return f"{self.cause} {self.next_step}".strip()

    def record(self) -> dict[str, Any]:
        """Return the check as plain JSON values."""
        return {
            "name": self.name,
            "result": self.result.value,
            "summary": self.summary,
            "cause": self.cause,
            "next_step": self.next_step,
            "word": self.word,
            "code": self.code,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Check:
        """Return the check that `record` wrote."""
        return cls(**{**record, "result": Result(record["result"])})


def passed(checks: Iterable[Check]) -> bool:
    """Whether no check failed."""
    return all(check.result is not Result.FAILED for check in checks)


def decisive(checks: Sequence[Check]) -> Check | None:
    """Return the check that speaks for a run: the worst, the first of those; None without any."""
    ended = [check for check in checks if check.result in _ORDER]
    return max(ended, key=lambda check: _ORDER.index(check.result), default=None)
