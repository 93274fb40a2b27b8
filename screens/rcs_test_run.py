"""One test of an RCS set-up: carried out by RCS alone, stopped, kept as a verification is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING

from screens.verify_run import Pace, Run
from smstui.rcs.trial import Sender, begun, send, verdict

if TYPE_CHECKING:
    import httpx

    from smstui.rcs.document import Document
    from smstui.verify import Arrivals


class TestRun(Run):
    """A run whose message goes by RCS alone, and that waits for the read receipt, too."""

    __test__ = False  # pytest takes it for a class of tests otherwise

    def __init__(
        self, credential_id: int, document: Document, sender: Sender, *, to: str, text: str
    ) -> None:
        """Begin with nothing sent.

        Args:
            credential_id: the credential that the run is kept with.
            document: the set-up.
            sender: who sends, and with what.
            to: the recipient.
            text: the message; empty for a text of ours.
        """
        seen = begun(sender, to=to, text=text)
        super().__init__(
            credential_id, sender.provider, sender.credential, depth="send", to=to, text=seen.text
        )
        self.verification = seen
        self._document = document
        self._sender = sender

    @property
    def verdict(self) -> str:
        """What the test came to so far, as sentences."""
        return verdict(self._sender, self.verification)

    async def carry_out(
        self,
        client: httpx.AsyncClient | None,
        pace: Pace,
        progressed: Callable[[], object],
        arrivals: Arrivals | None = None,
    ) -> None:
        """Send the message and follow it; see `Run.carry_out`."""
        events = send(
            self._document,
            self._sender,
            self.verification,
            arrivals=arrivals,
            wait=pace.wait,
            client=client,
            monotonic=pace.monotonic,
            sleep=pace.sleep,
        )
        async with aclosing(events):
            async for _event in events:
                progressed()
