"""A batch of the SMS API and the life of its messages, computed from the time that has passed.

Statuses and codes: Sinch's page on delivery reports. 400 and 401 are codes of progress.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from smstui.simulator.core import Callback
from smstui.simulator.sinch.accounts import Plan
from smstui.simulator.sinch.signature import callback
from smstui.simulator.tricks import tail
from smstui.times import iso

DELIVERED, QUEUED, DISPATCHED, BLOCKED, NO_DEFAULT, CANCELLED = 0, 400, 401, 413, 410, 407

NO_RECEIPT = 999
"""Last digits of a recipient whose carrier sends no receipt that can be read."""

STATUSES = {
    0: "Delivered",
    400: "Queued",
    401: "Dispatched",
    402: "Aborted",
    403: "Failed",
    404: "Failed",
    405: "Aborted",
    406: "Expired",
    407: "Cancelled",
    408: "Rejected",
    410: "Aborted",
    411: "Aborted",
    412: "Aborted",
    413: "Aborted",
    NO_RECEIPT: "Unknown",
}
"""Code to status."""

_AFTER = {"queued": 0.0, "dispatched": 0.8, "final": 2.5}
"""Seconds after the request at which a status is reached."""


@dataclass(frozen=True, slots=True)
class Step:
    """A status of one recipient's message, and the moment from which it holds."""

    at: datetime
    code: int

    @property
    def status(self) -> str:
        """The status's name."""
        return STATUSES[self.code]

    @property
    def is_final(self) -> bool:
        """Whether nothing follows."""
        return self.code not in (QUEUED, DISPATCHED)

    @property
    def shown_code(self) -> int:
        """The code as reports carry it."""
        return 0 if self.code == NO_RECEIPT else self.code


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as it was accepted.

    Attributes:
        batch_id: its ULID.
        plan_id: whose it is.
        to: recipients, digits alone.
        request: the request's own members, which the answer repeats.
        created: when it came.
        ending: code that every recipient gets; None lets the recipients' digits decide.
        callback: where reports go; empty for nowhere.
        canceled: when it was cancelled.
    """

    batch_id: str
    plan_id: str
    to: tuple[str, ...]
    request: dict[str, Any]
    created: datetime
    ending: int | None = None
    callback: str = ""
    canceled: datetime | None = None

    def steps(self, number: str) -> list[Step]:
        """Return the statuses of one recipient's message, first to last."""
        code = self.ending if self.ending is not None else _ending(number)
        codes = {"queued": QUEUED, "dispatched": DISPATCHED, "final": code}
        if code == QUEUED:
            codes = {"queued": QUEUED}
        elif code == DISPATCHED:
            del codes["final"]
        elif code not in (DELIVERED, NO_RECEIPT, 404, 408):
            del codes["dispatched"]
        steps = [Step(self.created + timedelta(seconds=_AFTER[n]), c) for n, c in codes.items()]
        if self.canceled is None or any(s.is_final and s.at <= self.canceled for s in steps):
            return steps
        return [s for s in steps if s.at <= self.canceled] + [Step(self.canceled, CANCELLED)]

    def step_at(self, number: str, now: datetime) -> Step:
        """Return the step of one recipient's message that holds at a moment."""
        return [step for step in self.steps(number) if step.at <= now][-1]

    def record(self) -> dict[str, Any]:
        """Return the batch as the API shows it: the request, and what Sinch adds."""
        return {
            **self.request,
            "id": self.batch_id,
            "to": list(self.to),
            "canceled": self.canceled is not None,
            "created_at": iso(self.created),
            "modified_at": iso(self.canceled or self.created),
        }

    def report(self, now: datetime, *, full: bool) -> dict[str, Any]:
        """Return the report on the whole batch; ``full`` lists the recipients."""
        by_step: dict[int, list[str]] = {}
        for number in self.to:
            by_step.setdefault(self.step_at(number, now).code, []).append(number)
        statuses: list[dict[str, Any]] = []
        for code, numbers in by_step.items():
            entry = {
                "code": Step(now, code).shown_code,
                "status": STATUSES[code],
                "count": len(numbers),
            }
            statuses.append({**entry, "recipients": numbers} if full else entry)
        return self._with_reference(
            {
                "type": "delivery_report_sms",
                "batch_id": self.batch_id,
                "total_message_count": len(self.to),
                "statuses": statuses,
            }
        )

    def recipient_report(self, number: str, step: Step) -> dict[str, Any]:
        """Return the report on one recipient's message."""
        record: dict[str, Any] = {
            "type": "recipient_delivery_report_sms",
            "batch_id": self.batch_id,
            "recipient": number,
            "code": step.shown_code,
            "status": step.status,
            "at": iso(step.at),
        }
        if step.is_final:
            record["operator_status_at"] = iso(step.at)
        return self._with_reference(record)

    def callbacks(self, plan: Plan) -> list[Callback]:
        """Return the reports that go out by themselves, as ``delivery_report`` asks."""
        wanted = self.request.get("delivery_report", "none")
        if not self.callback or wanted == "none":
            return []
        if wanted in ("summary", "full"):
            last = [self.steps(number)[-1] for number in self.to]
            if not all(step.is_final for step in last):
                return []
            due = max(step.at for step in last)
            return [self._callback(plan, due, self.report(due, full=wanted == "full"), 1)]
        reports = [
            (step.at, self.recipient_report(number, step))
            for number in self.to
            for step in self.steps(number)
            if step.is_final or (wanted == "per_recipient" and step.code != QUEUED)
        ]
        in_order = sorted(reports, key=lambda r: r[0])
        return [self._callback(plan, *each, number) for number, each in enumerate(in_order, 1)]

    def delivered(self) -> list[tuple[str, datetime]]:
        """Return the recipients whose message arrives, and when."""
        last = [(number, self.steps(number)[-1]) for number in self.to]
        return [(number, step.at) for number, step in last if step.code == DELIVERED]

    def _callback(self, plan: Plan, due: datetime, record: dict[str, Any], n: int) -> Callback:
        return callback(
            due,
            self.callback,
            record,
            nonce=f"{self.batch_id}{n}",
            secret=plan.callback_secret,
            headers=plan.callback_headers,
        )

    def _with_reference(self, record: dict[str, Any]) -> dict[str, Any]:
        reference = self.request.get("client_reference")
        return {**record, "client_reference": reference} if reference else record


def _ending(number: str) -> int:
    code = tail(number)
    return code if code in STATUSES else DELIVERED
