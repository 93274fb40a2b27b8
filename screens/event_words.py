"""What is said of an event: pure texts, from what the store keeps of it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from textual.content import Content

from screens.webhook_rows import event_cell
from screens.widgets.cells import Cell
from screens.widgets.detail_lines import Line
from screens.widgets.inspector import MUTED
from smstui.errors import SmstuiError
from smstui.i18n import N_, _, ngettext
from smstui.text import clean
from smstui.times import ago
from smstui.webhooks.base import EventKind
from smstui.webhooks.consent import ConsentState, describe
from smstui.webhooks.keywords import LABELS, Category

if TYPE_CHECKING:
    from smstui.store.webhook_records import EventRecord, NewEvent
    from smstui.webhooks.trial import Trial

MOST_BODY = 20_000
"""Characters of a body that are shown; a pane with more would be slow to wrap."""
STRIP_LINES = 3

_STYLES = {
    "": "bold",
    "success": "bold $text-success",
    "warning": "bold $text-warning",
    "error": "bold $text-error",
    "muted": f"bold {MUTED}",
}

_KINDS = {
    EventKind.INBOUND.value: N_("a text"),
    EventKind.FEEDBACK.value: N_("a delivery report"),
    EventKind.OTHER.value: N_("another event"),
    EventKind.REFUSED.value: N_("refused"),
}


def moment(at: datetime) -> str:
    """Return a point in time in full."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"


# The strip under the list


def strip_lines(record: EventRecord, now: datetime, width: int) -> list[Line]:
    """Return the three lines about the event that one stands on."""
    event = record.event
    kind = _(_KINDS.get(event.kind, event.kind))
    head: Line = [
        Cell(_way(event) or event.word, "strong"),
        Cell(f"   {kind}, {record.webhook}, {ago(record.call.at, now)}", "muted"),
    ]
    told = [sentence for sentence in sentences(record) if sentence]
    rest = textwrap.wrap(
        clean(" ".join(told)), max(width, 10), max_lines=STRIP_LINES - 1, placeholder=" …"
    )
    return [head, *([Cell(line)] for line in rest)]


def _way(event: NewEvent) -> str:
    """Return from whom to whom."""
    if event.sender and event.recipient:
        return f"{event.sender} → {event.recipient}"
    return event.sender or event.recipient


def sentences(record: EventRecord) -> list[str]:
    """Return what an event means, sentence by sentence; the first ones say most."""
    event = record.event
    match event.kind:
        case EventKind.REFUSED:
            return [event.reason]
        case EventKind.INBOUND:
            quoted = _("“{text}”").format(text=event.text) if event.text else _("Without a text.")
            return [quoted, event.reason or _keyword_sentence(event), _consent_sentence(event)]
        case EventKind.FEEDBACK:
            outcome = event.outcome
            said = [str(outcome.get(name) or "") for name in ("cause", "next_step")]
            return said if any(said) else [str(outcome.get("summary") or "")]
    return [_("Genuine, and neither a text nor a delivery report. Nothing is done with it.")]


def _keyword_sentence(event: NewEvent) -> str:
    if event.is_fuzzy:
        said = _("This comes near to “{keyword}”, and opts nobody out by itself.")
        return said.format(keyword=event.keyword)
    if event.category in ("", Category.DEFAULT):
        return _("No keyword matches; consent stays as it is.")
    said = _("{keyword} is a keyword of {category}.").format(
        keyword=event.keyword, category=_category(event)
    )
    return said if event.consent_after else f"{said} {_('Consent stays as it is.')}"


def _category(event: NewEvent) -> str:
    try:
        return _(LABELS[Category(event.category)])
    except ValueError:
        return event.category


def _consent_sentence(event: NewEvent) -> str:
    if not event.consent_after:
        return ""
    before = ConsentState(event.consent_before) if event.consent_before else None
    return describe(
        before, ConsentState(event.consent_after), subscriber=event.sender, sender=event.recipient
    )


# What it means


def meaning(record: EventRecord, warnings: Sequence[str] = ()) -> Content:
    """Return what an event means: the verdict, why, what to do, then the facts.

    Args:
        record: the event.
        warnings: what is doubtful about what it did, one sentence each.
    """
    event = record.event
    mark = event_cell(event.result, event.word or _(_KINDS.get(event.kind, event.kind)))
    head = [Content.styled(clean(mark.text), _STYLES[mark.tone])]
    head += [Content(clean(sentence)) for sentence in sentences(record) if sentence]
    if event.kind == EventKind.REFUSED:
        said = _("It was answered with an error, changed nothing, and is kept to be looked into.")
        head.append(Content(said))
    head += [Content.styled(f"! {clean(said)}", "$text-warning") for said in warnings]
    blocks = [Content("\n").join(head), _facts(_told(record))]
    if event.kind == EventKind.INBOUND and event.reply:
        said = _("The reply is what the webhook has for it; nothing is sent from here.")
        blocks.append(Content.styled(said, MUTED))
    return Content("\n\n").join(blocks)


def trial_content(trial: Trial) -> Content:
    """Return what the present keywords make of a text that came in earlier."""
    head = _("With the keywords as they are now (nothing was changed):")
    category = _(LABELS[trial.category])
    lines = [
        Content.styled(head, "bold"),
        Content(clean(trial.explanation)),
        *(Content.styled(f"! {clean(said)}", "$text-warning") for said in trial.warnings),
        _facts([(_("Category"), category), (_("Reply"), trial.reply or _("– none"))]),
    ]
    return Content("\n").join(lines)


def _told(record: EventRecord) -> Iterator[tuple[str, str]]:
    """Yield the facts of an event, label and text; empty ones are left out by `_facts`."""
    event, outcome = record.event, record.event.outcome
    yield _("From"), event.sender
    yield _("To"), event.recipient
    if event.kind == EventKind.INBOUND and event.category:
        yield _("Category"), _category(event)
        yield _("Keyword"), event.keyword
        yield _("Reply"), event.reply or _("– none")
    yield _("Code"), str(outcome.get("code") or "")
    yield _("Provider says"), str(outcome.get("raw") or "")
    yield _("More"), str(outcome.get("link") or "")
    yield _("Carried as"), str(outcome.get("channel") or "")
    yield _("Message id"), event.message_id
    yield _("Reference"), event.reference
    if event.kind == EventKind.REFUSED:
        yield _("URL"), record.call.url
    yield _("Webhook"), f"{record.webhook}, {record.vendor}"
    yield _("Came"), moment(record.call.at)
    if record.repeats:
        said = ngettext("{n} time, last at {when}", "{n} times, last at {when}", record.repeats)
        last = record.repeated_at or record.call.at
        yield _("Repeated"), said.format(n=record.repeats, when=moment(last))


def _facts(told: Iterator[tuple[str, str]] | Sequence[tuple[str, str]]) -> Content:
    facts = [(name, clean(text)) for name, text in told if text]
    width = max((len(name) for name, _text in facts), default=0) + 2
    return Content("\n").join(
        Content.assemble((f"{name:<{width}}", MUTED), text) for name, text in facts
    )


# What was mapped, and what came


def mapped(record: EventRecord) -> Content:
    """Return the event in Adobe's variable names."""
    values = record.event.mapped
    if not values:
        said = (
            _("Nothing is read from a call that is refused.")
            if record.event.kind == EventKind.REFUSED
            else _("There is nothing to map in it.")
        )
        return Content.styled(said, MUTED)
    said = _("As Adobe names it in a payload; names of ours begin with a small letter, too.")
    return Content("\n").join(
        [
            Content.styled(said, MUTED),
            Content(),
            _facts([(k, _value(v)) for k, v in values.items()]),
        ]
    )


def _value(value: Any) -> str:
    if isinstance(value, str):
        return value or "–"
    return json.dumps(value, ensure_ascii=False)


def raw(record: EventRecord) -> Content:
    """Return the call as it came: method, URL, headers and body."""
    call = record.call
    lines = [Content.styled(f"{clean(call.method)} {clean(call.url)}", "bold")]
    lines += [
        Content.assemble((f"{clean(name)}: ", MUTED), clean(value)) for name, value in call.headers
    ]
    lines.append(Content())
    lines += _body(record)
    return Content("\n").join(lines)


def _body(record: EventRecord) -> list[Content]:
    from smstui.webhooks.resend import kept_call
    from smstui.webhooks.vendors.reading import is_form

    call = kept_call(record)
    if not call.body:
        return [Content.styled(_("(no body)"), MUTED)]
    text = call.body[: 4 * MOST_BODY].decode("utf-8", "replace")
    if is_form(call) and len(call.body) <= MOST_BODY:
        try:
            return [_facts([(clean(name), value or "–") for name, value in call.form()])]
        except ValueError:
            return [_cut(text)]
    return [_cut(_pretty(text))]


def _pretty(text: str) -> str:
    """Return JSON with a member on each line; what is not JSON stays as it is."""
    if len(text) > MOST_BODY:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _cut(text: str) -> Content:
    shown = clean(text[:MOST_BODY], keep="\n")
    if len(text) <= MOST_BODY:
        return Content(shown)
    return Content.assemble(shown, "\n", (_("… the rest is not shown"), MUTED))


def as_json(record: EventRecord) -> Content:
    """Return the body as the JSON that Adobe would need, and what to know about it."""
    from smstui.webhooks.resend import as_json_call, kept_call
    from smstui.webhooks.vendors.reading import is_form

    try:
        body = as_json_call(record).body.decode("utf-8", "replace")
    except SmstuiError as error:
        return Content.styled(clean(error.message), MUTED)
    if is_form(kept_call(record)):
        said = _(
            "Adobe takes JSON only. A converter between provider and Adobe would post this; "
            "f sends it on so."
        )
    else:
        said = _("The body came as JSON; it stays as it is.")
    return Content("\n").join([Content.styled(said, MUTED), Content(), _cut(_pretty(body))])
