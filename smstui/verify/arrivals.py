"""What webhooks tell of a message while its verification waits for the delivery."""

from __future__ import annotations

from typing import Protocol

from smstui.providers.base import Outcome


class Arrivals(Protocol):
    """Hands over what came in by webhooks, each thing once."""

    async def wait(self, message_id: str, seconds: float) -> Outcome | None:
        """Return what became of a message, as soon as a webhook has told something new of it.

        Args:
            message_id: the provider's id of the message.
            seconds: how long to wait; with 0, what came in already.

        Returns:
            The newest outcome that was not returned before, a final one before any other; None
            when nothing came in time. What cannot be read counts as nothing.
        """
        ...
