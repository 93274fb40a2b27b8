"""What the screens of RCS set-ups call steps and tasks, and the signs that go with the words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from screens.widgets.cells import Tone
from smstui.i18n import N_, _, ngettext
from smstui.providers.base import Result
from smstui.rcs.base import Step, TaskState
from smstui.rcs.checklist import left_of, whom_of
from smstui.rcs.document import Document
from smstui.rcs.trial import LastTest

STATE_SIGNS: dict[TaskState, str] = {
    TaskState.OPEN: "○",
    TaskState.DOING: "●",
    TaskState.DONE: "✓",
    TaskState.REFUSED: "✗",
    TaskState.NOT_NEEDED: "–",
}
"""Always beside a word; see `smstui.rcs.checklist.STATE_WORDS`."""

STATE_TONES: dict[TaskState, Tone] = {
    TaskState.OPEN: "",
    TaskState.DOING: "warning",
    TaskState.DONE: "success",
    TaskState.REFUSED: "error",
    TaskState.NOT_NEEDED: "muted",
}


@dataclass(frozen=True, slots=True)
class Achieved:
    """What came of a set-up beside its document.

    Attributes:
        test: what the newest test message came to; None before the first.
        has_channel: whether an active channel configuration uses the credential.
    """

    test: LastTest | None = None
    has_channel: bool = False


def done_steps(document: Document, achieved: Achieved) -> list[Step]:
    """Return the steps of which nothing is open.

    Args:
        document: the set-up.
        achieved: what came of it.
    """
    test = achieved.test
    left = {
        Step.PROVIDER: document.id is None,
        Step.REGISTER: left_of(document.route, document.notes) > 0,
        Step.WEBHOOK: not document.has_webhooks,
        Step.CREDENTIAL: document.credential_id is None,
        Step.TEST: test is None or test.result is not Result.PASSED,
        Step.CHANNEL: not achieved.has_channel,
    }
    return [step for step, is_open in left.items() if not is_open and not document.errors(step)]


def day(moment: datetime, now: datetime) -> str:
    """Return a day as checklists have it: ``9 Nov``, or ``2025-11-09`` in another year."""
    if moment.year != now.year:
        return moment.strftime("%Y-%m-%d")
    return f"{moment.day} {_(_MONTHS[moment.month - 1])}"


def waiting_words(waiting_for: str, since: datetime | None, now: datetime, usual: str = "") -> str:
    """Return for whom one waits since when: ``Waiting for Google's review since 9 Nov (14 days)``.

    Args:
        waiting_for: as it is stored; empty for nobody, and the answer is empty then.
        since: since when, as far as it is known.
        now: the present moment.
        usual: how long it takes mostly, translated; empty when nobody knows.
    """
    whom = whom_of(waiting_for)
    if not whom:
        return ""
    if since is None:
        return _("Waiting for {whom}").format(whom=whom)
    lasts = waiting_days(since, now)
    if usual:
        lasts = _("{lasts}; usually {usual}").format(lasts=lasts, usual=usual)
    said = _("Waiting for {whom} since {date} ({lasts})")
    return said.format(whom=whom, date=day(since, now), lasts=lasts)


def waiting_days(since: datetime, now: datetime) -> str:
    """Return for how long one has waited: ``14 days``, ``today``."""
    days = (now - since).days
    return ngettext("{n} day", "{n} days", days).format(n=days) if days > 0 else _("today")


_MONTHS = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("May"),
    N_("Jun"),
    N_("Jul"),
    N_("Aug"),
    N_("Sep"),
    N_("Oct"),
    N_("Nov"),
    N_("Dec"),
)
