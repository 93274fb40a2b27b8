"""Whether logo and banner are what the provider takes: fetched as it will, or read here."""

from __future__ import annotations

from smstui.i18n import _
from smstui.providers.base import Outcome, Result
from smstui.providers.fields import Severity
from smstui.rcs.base import Errand, Progress
from smstui.rcs.images import ImageLimits, Picture, check_image, describe, fetch_image, read_local


def file_outcome(path: str, kind: Picture, limits: ImageLimits) -> Outcome:
    """Return what a file on this machine comes to.

    Args:
        path: as it was typed.
        kind: logo or banner.
        limits: the provider's.
    """
    return _judged(read_local(path), kind, limits)


def address_errand(url: str, kind: Picture, limits: ImageLimits) -> Errand:
    """Return the conversation that fetches a picture and judges it; the arguments are as above."""
    data = yield from fetch_image(url)
    return Progress(_judged(data, kind, limits))


def _judged(data: bytes | str, kind: Picture, limits: ImageLimits) -> Outcome:
    if isinstance(data, str):
        return Outcome(
            result=Result.FAILED, word=_("no picture"), summary=data, cause=data, field=kind
        )
    issues = check_image(data, kind, limits)
    told = describe(data)
    if not issues:
        return Outcome(result=Result.PASSED, word=_("fits"), summary=told, field=kind)
    is_wrong = any(issue.severity is Severity.ERROR for issue in issues)
    return Outcome(
        result=Result.FAILED if is_wrong else Result.WARNED,
        word=_("does not fit") if is_wrong else _("doubtful"),
        summary=" · ".join(filter(None, (told, *(issue.message for issue in issues)))),
        cause=" ".join(issue.message for issue in issues),
        field=kind,
    )
