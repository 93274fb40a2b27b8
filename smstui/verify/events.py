"""What a verification tells while it runs, and what is kept of it. All of it is redacted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from smstui.i18n import _
from smstui.providers.base import Credential, Outcome, Provider, Result
from smstui.redact import ShownRequest, ShownResponse

STAGES = ("shape", "connect", "authenticate", "accept", "deliver")


class Depth(StrEnum):
    """How far a verification goes: no network; reads only; one real message."""

    CHECK = "check"
    PROBE = "probe"
    SEND = "send"

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that this depth asks for."""
        return STAGES[: {Depth.CHECK: 1, Depth.PROBE: 3, Depth.SEND: 5}[self]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as it stands; the same stage comes again as it goes on, from pending to its end.

    Attributes:
        name: one of `STAGES`.
        result: how it stands.
        seconds: how long it took so far.
        summary: one line.
        outcome: what there is to say beyond that; None for nothing.
    """

    name: str
    result: Result
    seconds: float
    summary: str
    outcome: Outcome | None = None

    @property
    def code(self) -> str:
        """The provider's own code, when there is one."""
        return self.outcome.code if self.outcome else ""

    @property
    def hint(self) -> str:
        """The likeliest cause and what to do, as sentences."""
        if self.outcome is None:
            return ""
        return f"{self.outcome.cause} {self.outcome.next_step}".strip()

    def record(self) -> dict[str, Any]:
        """Return the stage as plain JSON values."""
        return {
            "name": self.name,
            "result": self.result.value,
            "seconds": round(self.seconds, 3),
            "summary": self.summary,
            "code": self.code,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what came back, as they went over the wire, for the inspector.

    Attributes:
        stage: the stage it belongs to.
        request: with every header that was sent.
        response: None when none came.
        seconds: from the first byte to the last.
        trouble: why there is no response, as a sentence.
        curl: the request as a shell command.
    """

    stage: str
    request: ShownRequest
    response: ShownResponse | None
    seconds: float
    trouble: str
    curl: str


Event = Stage | Exchange


class Verification:
    """Collects the events of one verification, and says at any time what they come to."""

    def __init__(
        self,
        provider: Provider[Any],
        credential: Credential,
        *,
        depth: Depth,
        to: str = "",
        text: str = "",
    ) -> None:
        """Begin with no stage tried."""
        self.vendor = provider.vendor
        self.credential = credential.name
        self.depth = depth
        self.to = to
        self.text = text
        self.exchanges: list[Exchange] = []
        self._stages: dict[str, Stage] = {}

    def add(self, event: Event) -> None:
        """Take in the next event."""
        if isinstance(event, Stage):
            self._stages[event.name] = event
        else:
            self.exchanges.append(event)

    @property
    def stages(self) -> list[Stage]:
        """All five stages in order; those that did not run are skipped."""
        asked = self.depth.stages
        return [
            self._stages.get(name)
            or Stage(name, Result.SKIPPED, 0.0, _("not tried") if name in asked else _("not asked"))
            for name in STAGES
        ]

    @property
    def ok(self) -> bool:
        """Whether every stage that was asked for passed, warnings allowed.

        A message that was accepted and not seen to be delivered is not ok, unless delivery was
        not asked for or cannot be told.
        """
        good = {Result.PASSED, Result.WARNED}
        tried = [self._stages.get(name) for name in self.depth.stages]
        return all(
            stage is not None
            and (
                stage.result in good or (stage.name == "deliver" and stage.result is Result.SKIPPED)
            )
            for stage in tried
        )

    @property
    def result(self) -> Result:
        """How the verification stands, as one result: for lists."""
        decisive = self._decisive()
        if decisive is None:
            return Result.PENDING
        is_accepted = decisive.name == "accept" and decisive.result is not Result.FAILED
        if is_accepted or decisive.result is Result.SKIPPED:
            return Result.PENDING
        return decisive.result

    @property
    def word(self) -> str:
        """Two or three words for lists: "delivered", "accepted", "token refused"."""
        decisive = self._decisive()
        return decisive.outcome.word if decisive and decisive.outcome else ""

    @property
    def message_id(self) -> str:
        """The provider's id of the message, as soon as it was accepted."""
        accept = self._stages.get("accept")
        return accept.outcome.message_id if accept and accept.outcome else ""

    @property
    def seconds(self) -> float:
        """How long all stages took together."""
        return sum(stage.seconds for stage in self._stages.values())

    def record(self) -> dict[str, Any]:
        """Return what is kept of the verification, as plain JSON values.

        ``request`` and ``response`` are those of the message, else the last ones.
        """
        sends = [exchange for exchange in self.exchanges if exchange.stage == "accept"]
        shown = (sends or self.exchanges)[-1:]
        return {
            "credential": self.credential,
            "vendor": self.vendor,
            "depth": self.depth.value,
            "ok": self.ok,
            "message_id": self.message_id,
            "stages": [stage.record() for stage in self.stages],
            "request": shown[0].request.record() if shown else None,
            "response": shown[0].response.record() if shown and shown[0].response else None,
        }

    def _decisive(self) -> Stage | None:
        """Return the stage that speaks for the whole.

        A failed one; for a message that went out, how far it came; else the worst, and the last of
        those.
        """
        ended = [s for s in self._stages.values() if s.outcome is not None]
        failed = [s for s in ended if s.result is Result.FAILED]
        if failed:
            return failed[-1]
        if self.depth is Depth.SEND:
            accept, deliver = self._stages.get("accept"), self._stages.get("deliver")
            if deliver is not None and deliver.outcome is not None:
                return deliver
            return accept if accept is not None and accept.outcome is not None else None
        if any(name not in self._stages for name in self.depth.stages):
            return None
        if any(s.result is Result.PENDING for s in self._stages.values()):
            return None
        order = [Result.SKIPPED, Result.PASSED, Result.WARNED]
        return max(reversed(ended), key=lambda s: order.index(s.result), default=None)
