"""What the running application hands to its screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from smstui.receiving import Receiving
from smstui.store.session import StoreSession
from smstui.times import Clock, utc_now

if TYPE_CHECKING:
    import httpx


@dataclass(slots=True)
class Context:
    """The services and settings that screens share.

    Attributes:
        store_path: where the store is.
        session: the one way to the store; closed until it is unlocked, and while it is locked.
        label: what the header says at its right end after the environment: which store.
        clock: the present moment; demos and tests set their own.
        idle_seconds: how long without a key until the console locks itself; 0 for never.
        http_client: makes the client that verifications use; None for the engine's own.
        notes: what the help says after the keys, such as the accounts of a demo; plain lines.
        is_receiving_at_once: whether the receiver is switched on when the store is opened first.
        receiver: what takes the calls of webhooks in, once it is switched on.
    """

    store_path: Path
    session: StoreSession = field(default_factory=StoreSession, repr=False)
    label: str = ""
    clock: Clock = utc_now
    idle_seconds: float = 600.0
    http_client: Callable[[], httpx.AsyncClient] | None = None
    notes: str = ""
    is_receiving_at_once: bool = False
    receiver: Receiving = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.receiver = Receiving(self.clock)
