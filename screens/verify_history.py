"""Earlier runs of a verification: a list, and stages and exchanges read back from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from screens.widgets.cells import RESULT_TONES, Cell
from screens.widgets.columns import Column
from screens.widgets.record_table import RecordTable
from smstui.i18n import N_, _
from smstui.providers.base import Outcome, Result
from smstui.redact import ShownRequest, ShownResponse
from smstui.results import result_mark
from smstui.store.records import VerificationRecord
from smstui.verify import Exchange, Stage

_COLUMNS = (
    Column[VerificationRecord](
        "at", N_("When (UTC)"), lambda run: Cell(run.at.strftime("%Y-%m-%d %H:%M")), 16
    ),
    Column[VerificationRecord]("depth", N_("Depth"), lambda run: Cell(_(run.depth)), 5),
    Column[VerificationRecord](
        "result",
        N_("Result"),
        lambda run: Cell(result_mark(run.result, run.word), RESULT_TONES[run.result]),
        20,
    ),
    Column[VerificationRecord](
        "seconds",
        N_("Seconds"),
        lambda run: Cell(f"{run.seconds:.2f}", "muted"),
        7,
        align="right",
        priority=2,
    ),
    Column[VerificationRecord](
        "to", N_("To"), lambda run: Cell(run.to), 13, flexible=True, priority=1
    ),
)


class _Runs:
    """Runs that were read already, as the list fetches them."""

    def __init__(self, records: Sequence[VerificationRecord]) -> None:
        self._records = records
        self.ids = [record.id for record in records]

    async def fetch(self, start: int, count: int) -> Sequence[VerificationRecord]:
        """Return the runs from a position on."""
        return self._records[start : start + count]


class HistoryTable(RecordTable[VerificationRecord]):
    """The earlier runs of a credential, the latest first; Enter opens one."""

    def __init__(self) -> None:
        super().__init__(_COLUMNS, id="history")

    async def fill(self, records: Sequence[VerificationRecord]) -> None:
        """List these runs, in their order; the cursor goes to the first."""
        await self.show(_Runs(records), placeholder=_("No run yet."), otherwise=0, keep=0)


def stages_of(record: Mapping[str, Any]) -> list[Stage]:
    """Return the stages of a run that was kept (`smstui.verify.Verification.record`)."""
    return [
        Stage(
            name=kept["name"],
            result=Result(kept["result"]),
            seconds=kept["seconds"],
            summary=kept["summary"],
            outcome=Outcome(
                result=Result(kept["result"]),
                word=kept["summary"],
                summary=kept["summary"],
                cause=kept["hint"],
                code=kept["code"],
            ),
        )
        for kept in record.get("stages", ())
    ]


def exchanges_of(record: Mapping[str, Any]) -> list[Exchange]:
    """Return what a kept run holds of the wire: the message's request, or the last one."""
    request, response = record.get("request"), record.get("response")
    if not request:
        return []
    tried = [stage for stage in record.get("stages", ()) if stage["result"] != "skipped"]
    sends = [stage for stage in tried if stage["name"] == "accept"]
    stage = (sends or tried)[-1]
    shown = ShownRequest(
        request["method"], request["url"], _pairs(request["headers"]), request["body"]
    )
    answer = None
    if response:
        answer = ShownResponse(response["status"], _pairs(response["headers"]), response["body"])
    return [Exchange(stage["name"], shown, answer, stage["seconds"], "", "")]


def _pairs(headers: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers)
