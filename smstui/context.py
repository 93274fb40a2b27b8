"""What the running application hands to its screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.times import Clock, utc_now

if TYPE_CHECKING:
    import httpx

    from smstui.store.session import StoreSession


@dataclass(slots=True)
class Context:
    """The services and settings that screens share.

    Attributes:
        store_path: where the store is.
        label: what the header says at its right end: which environment, which store.
        clock: the present moment; demos and tests set their own.
        idle_seconds: how long without a key until the console locks itself; 0 for never.
        http_client: makes the client that verifications use; None for the engine's own.
        given_session: a session that whoever starts the console has made already.
    """

    store_path: Path
    label: str = ""
    clock: Clock = utc_now
    idle_seconds: float = 600.0
    http_client: Callable[[], httpx.AsyncClient] | None = None
    given_session: StoreSession | None = field(default=None, repr=False)

    @property
    def session(self) -> StoreSession:
        """The one way to the store; closed while the console is locked.

        It is made at first use: its module loads the cipher, and the first paint need not wait.
        """
        if self.given_session is None:
            from smstui.store.session import StoreSession

            self.given_session = StoreSession()
        return self.given_session
