"""What the verify screen says: pure texts, from stages, numbers and errors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from screens.widgets.inspector import MUTED
from screens.widgets.stage_list import STAGE_WORDS
from smstui.i18n import N_, _, ngettext
from smstui.messaging.parts import Parts, count_parts
from smstui.results import GLYPHS
from smstui.text import clean

if TYPE_CHECKING:
    from smstui.errors import SmstuiError
    from smstui.providers.base import Outcome
    from smstui.verify import Stage

DEPTH_NOTES = {
    "check": N_("no network; looks at fields and message"),
    "probe": N_("reads only; no message is sent"),
    "send": N_("one real message; it may cost money"),
}

_STYLES = {
    "passed": "bold $text-success",
    "warned": "bold $text-warning",
    "failed": "bold $text-error",
    "pending": "bold",
    "skipped": f"bold {MUTED}",
}

_LINE_ROOM = 48
"""Characters of a stage's summary that its line has room for at 80 columns."""

_INTRO = (
    ("check", N_("looks at fields and message; nothing leaves this machine.")),
    ("probe", N_("asks the provider with this credential; sends no message.")),
    ("send", N_("sends one real message, follows it until delivered.")),
)


def title(name: str, earlier: datetime | None) -> str:
    """Return the title: whose connection, and of which earlier run when one is looked at."""
    if earlier is None:
        return _("Verify SMS connection · {name}").format(name=clean(name))
    when = earlier.strftime("%Y-%m-%d %H:%M")
    return _("Earlier run, {when} UTC · {name}").format(when=when, name=clean(name))


def in_flight_question() -> tuple[str, str]:
    """Return what is asked before one closes while a message is on its way, and why."""
    detail = _(
        "It cannot be taken back. Waiting tells whether the provider took it, and its message id."
    )
    return _("Close while the message is on its way?"), detail


def broken_off(fault: Exception) -> str:
    """Return what is said when something unforeseen ended a run."""
    said = _("The verification broke off ({kind}). Try again.")
    return said.format(kind=type(fault).__name__)


def parts_note(parts: Parts) -> str:
    """Return the remark beside the message: ``13 of 160 · 1 part, GSM-7``."""
    return ngettext(
        "{units} of {limit} · {n} part, {encoding}",
        "{units} of {limit} · {n} parts, {encoding}",
        parts.parts,
    ).format(units=parts.units, limit=parts.limit, n=parts.parts, encoding=parts.encoding)


def encoding_warning(parts: Parts) -> str:
    """Return which character forces UCS-2 and what that costs; empty when none does."""
    if parts.offender is None:
        return ""
    return _("“{character}” ({name}) forces UCS-2, {room} per part.").format(
        character=clean(parts.offender), name=parts.offender_name, room=parts.per_part
    )


def recipient_note(depth: str, shown_number: str, text: str) -> str:
    """Return what stands beside the button before it is pressed: who gets how many parts."""
    if depth != "send":
        return ""
    if not shown_number:
        return _("to nobody yet: the number is missing")
    parts = count_parts(text).parts
    return ngettext("to {number}, {n} part", "to {number}, {n} parts", parts).format(
        number=shown_number, n=parts
    )


def introduction() -> Content:
    """Return what is said before the first run: what each depth does."""
    width = max(len(_(depth)) for depth, _said in _INTRO) + 2
    lines = [Content.assemble((f"{_(d):<{width}}", "bold"), _(said)) for d, said in _INTRO]
    return Content("\n").join(lines)


def trouble(error: SmstuiError) -> Content:
    """Return an error as it stands in the pane: title, then what is wrong and what to do."""
    return Content.assemble(
        (f"{GLYPHS['failed']} {_(error.title)}", _STYLES["failed"]),
        "\n" + clean(error.message, keep="\n"),
    )


def meaning(stages: Sequence[Stage], message_id: str = "", stopped: bool = False) -> Content:
    """Return what a run means: the likeliest cause, what to do, then the provider's own words.

    Args:
        stages: what is known so far; those not tried may be among them.
        message_id: the provider's id of the message, once it was accepted.
        stopped: the person ended the run before it was through.
    """
    decisive = decisive_stage(stages)
    if decisive is None:
        return Content(_("The run was stopped.")) if stopped else Content()
    blocks = [_stage_block(decisive)]
    if stopped:
        blocks.append(Content(_("The run was stopped here.")))
    known = facts(decisive.outcome, message_id)
    if known:
        blocks.append(known)
    blocks += [
        _stage_block(stage)
        for stage in stages
        if stage.result.value == "warned" and stage is not decisive
    ]
    cut = [
        Content.assemble((f"{GLYPHS['passed']} {_(STAGE_WORDS[stage.name])}: ", MUTED), told)
        for stage in stages
        if stage.result.value == "passed"
        and stage is not decisive
        and len(told := clean(stage.summary)) > _LINE_ROOM
    ]
    if cut:
        blocks.append(Content("\n").join(cut))
    return Content("\n\n").join(blocks)


def decisive_stage(stages: Sequence[Stage]) -> Stage | None:
    """Return the stage that tells most: the failed one, else the pending, else the last one."""
    for wanted in ("failed", "pending"):
        for stage in stages:
            if stage.result.value == wanted:
                return stage
    return next((stage for stage in reversed(stages) if stage.result.value != "skipped"), None)


def _stage_block(stage: Stage) -> Content:
    outcome = stage.outcome
    result = stage.result.value
    word = outcome.word if outcome is not None and outcome.word else stage.summary
    head = f"{GLYPHS[result]} {_(STAGE_WORDS.get(stage.name, stage.name))}: {clean(word)}"
    lines = [Content.styled(head, _STYLES[result])]
    if outcome is not None:
        said = (outcome.cause, outcome.next_step)
        sentences = [clean(sentence) for sentence in said if sentence]
        if not sentences and outcome.summary != word:
            sentences = [clean(outcome.summary)]
        lines += [Content(sentence) for sentence in sentences]
    return Content("\n").join(lines)


def facts(outcome: Outcome | None, message_id: str) -> Content | None:
    """Return the provider's own words, one per line, their names in a column."""
    raw: list[tuple[str, str]] = []
    if outcome is not None:
        raw = [
            (_("Code"), outcome.code),
            (_("Provider says"), outcome.raw),
            (_("More"), outcome.link),
            (_("Request id"), outcome.request_id),
            (_("Carried as"), outcome.channel),
        ]
    raw.append((_("Message id"), message_id))
    known = [(name, clean(text)) for name, text in raw if text]
    if not known:
        return None
    width = max(len(name) for name, _text in known) + 2
    return Content("\n").join(
        Content.assemble((f"{name:<{width}}", MUTED), text) for name, text in known
    )
