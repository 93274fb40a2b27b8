"""Looking for a plan or an app in Sinch's other regions, when the chosen one does not know it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass

from smstui.i18n import _
from smstui.providers.base import Outcome, Request, Response, Result


@dataclass(frozen=True, slots=True)
class Search:
    """What came of a search: the region that knows it, else those that could not be asked."""

    found: str = ""
    unreached: tuple[str, ...] = ()

    def told(self) -> str:
        """Return what came of a search that found nothing, as a sentence."""
        if self.unreached:
            return _("These regions could not be asked: {regions}.").format(
                regions=", ".join(self.unreached)
            )
        return _("No other region knows it either.")


def search(
    regions: Iterable[str],
    request_in: Callable[[str], Request],
    knows: Callable[[Response], bool],
) -> Generator[Request, Response, Search]:
    """Ask one region after the other; one that cannot be reached ends nothing.

    Args:
        regions: where to look.
        request_in: makes the question for a region.
        knows: whether an answer says yes.
    """
    unreached: list[str] = []
    for region in regions:
        answer = yield dataclasses.replace(request_in(region), optional=True)
        if knows(answer):
            return Search(region)
        if not answer.status:
            unreached.append(region)
    return Search(unreached=tuple(unreached))


def wrong_region(summary: str, cause: str, found: str) -> Outcome:
    """Return the outcome for what another region knows."""
    return Outcome(
        result=Result.FAILED,
        word=_("wrong region"),
        summary=summary,
        cause=cause,
        next_step=_("Set Region to {region} under Advanced.").format(region=found),
        field="region",
    )
