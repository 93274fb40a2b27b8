"""Earlier runs of a verification: a list, and stages and exchanges read back from the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.widgets import DataTable

from smstui.i18n import _
from smstui.providers.base import Outcome, Result
from smstui.redact import ShownRequest, ShownResponse
from smstui.results import result_mark
from smstui.text import clean
from smstui.verify import Exchange, Stage

if TYPE_CHECKING:
    from smstui.store.records import VerificationRecord


class HistoryTable(DataTable[Text]):
    """The earlier runs of a credential, the latest first; Enter opens one."""

    def __init__(self) -> None:
        super().__init__(id="history", cursor_type="row", zebra_stripes=False)
        self._records: Sequence[VerificationRecord] = ()

    def on_mount(self) -> None:
        self.add_column(Text(_("When (UTC)")), width=16)
        self.add_column(Text(_("Depth")), width=5)
        self.add_column(Text(_("Result")), width=20)
        self.add_column(Text(_("Seconds")), width=7)
        self.add_column(Text(_("To")), width=16)

    def fill(self, records: Sequence[VerificationRecord]) -> None:
        """List these runs, in their order."""
        self._records = records
        self.clear()
        for run in records:
            self.add_row(
                Text(run.at.strftime("%Y-%m-%d %H:%M")),
                Text(_(clean(run.depth))),
                Text(result_mark(run.result, clean(run.word))),
                Text(f"{run.seconds:.2f}", justify="right"),
                Text(clean(run.to)),
            )

    def at(self, row: int) -> VerificationRecord | None:
        """Return the run in a row."""
        return self._records[row] if 0 <= row < len(self._records) else None


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
