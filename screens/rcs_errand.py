"""Something under way at a provider: what is awaited since when, and what it came to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from screens.base import context_of
from smstui.errors import SmstuiError
from smstui.i18n import _

if TYPE_CHECKING:
    import httpx
    from textual.widget import Widget

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class UnderWay:
    """What is being waited for.

    Attributes:
        doing: what is done, as it stands in a sentence: "Asking Acme".
        since: since when.
    """

    doing: str
    since: datetime

    @property
    def said(self) -> str:
        """The line that says so."""
        said = _("… {doing} since {time:%H:%M:%S}. Esc ends it.")
        return said.format(doing=self.doing, time=self.since)


async def with_client(
    widget: Widget, call: Callable[[httpx.AsyncClient | None], Awaitable[T]]
) -> T:
    """Return what a call comes to; it is given the client that the application has for tests.

    Raises:
        SmstuiError: it could not be carried out, also after an unexpected fault.
    """
    make = context_of(widget).http_client
    client = make() if make is not None else None
    try:
        return await call(client)
    except SmstuiError:
        raise
    except Exception as fault:
        said = _("That broke off ({kind}). Try again.").format(kind=type(fault).__name__)
        raise SmstuiError(said) from fault
    finally:
        if client is not None:
            await client.aclose()
