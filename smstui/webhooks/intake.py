"""What becomes of a call that came in: believed or not, read, matched with keywords, and kept.

No network here. Many calls are kept by one transaction, since each costs a wait for the disk.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from pydantic import SecretStr

from smstui.i18n import N_, _
from smstui.providers.base import Result
from smstui.providers.fields import text_of
from smstui.redact import MARK
from smstui.secret_forms import is_secret_name
from smstui.store.errors import (
    DamagedStore,
    DiskFault,
    DiskFull,
    NoAccess,
    NotFound,
    ReadOnlyStore,
    StoreLocked,
    StoreMissing,
    WrongPassphrase,
)
from smstui.store.webhook_records import NewCall, NewEvent
from smstui.webhooks.arrivals import settle_verification
from smstui.webhooks.base import (
    Answer,
    Call,
    EventKind,
    Reading,
    Refused,
    Webhook,
    WebhookVendor,
)
from smstui.webhooks.consent import ConsentState
from smstui.webhooks.fields import receives_inbound
from smstui.webhooks.keywords import Category
from smstui.webhooks.stored import load, load_other, outcome_record
from smstui.webhooks.trial import Trial, try_reply
from smstui.webhooks.vendors.registry import webhook_vendor

if TYPE_CHECKING:
    from smstui.store import Store

REFUSED_BODY = 16_384
"""Bytes that are kept of a body that was not believed: anybody could have sent it."""

HEADER_LENGTH = 4096
"""Characters that are kept of a header's value."""

NONCE_LIFE = timedelta(hours=1)
"""How long a nonce is remembered: a call that old is refused by its timestamp."""

PRUNE_AT_ONCE = 200
"""Calls that are removed in one go, so that those that come in wait for some milliseconds only."""

WORDS: Mapping[Category, str] = {
    Category.OPT_IN: N_("opt-in"),
    Category.OPT_OUT: N_("opt-out"),
    Category.DOUBLE_OPT_IN: N_("double opt-in"),
    Category.HELP: N_("help"),
    Category.CUSTOM: N_("custom"),
    Category.DEFAULT: N_("no keyword"),
}
"""What a list says of a text."""

_STORE_TROUBLE = (
    DamagedStore,
    DiskFault,
    DiskFull,
    NoAccess,
    ReadOnlyStore,
    StoreLocked,
    StoreMissing,
    WrongPassphrase,
)
"""Troubles that no call is to blame for, and that the next one meets as well."""

_SHORT = 6
"""Characters below which a secret is hidden by the name of its header only, not inside texts."""

_NOT_FOUND = Answer(404, "", b"")


@dataclass(frozen=True, slots=True)
class Incoming:
    """A call, and the part of its URL that tells which webhook it is for."""

    path: str
    call: Call


@dataclass(frozen=True, slots=True)
class Kept:
    """An event that was kept: its id, the webhook's name, and what it says."""

    id: int
    webhook: str
    at: datetime
    event: NewEvent


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a call: what the caller is answered, and the events that were kept."""

    answer: Answer
    kept: tuple[Kept, ...] = ()


class _Known(NamedTuple):
    """A webhook, ready to be called.

    Attributes:
        id: its id.
        store: the store in the webhook's own environment.
        vendor: its vendor.
        webhook: the webhook.
        other: the same with the secrets kept beside those in use, while they are rotated.
        secrets: what may stand in a header or URL.
        header: the header that its callers prove themselves with.
    """

    id: int
    store: Store
    vendor: WebhookVendor
    webhook: Webhook
    other: Webhook | None
    secrets: tuple[str, ...]
    header: str


class Intake:
    """Takes calls in. It belongs to the thread that opened its store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, _Known] = {}
        self._version = -1

    def take(self, calls: Sequence[Incoming]) -> list[Taken]:
        """Keep what some calls say, in their order, and return what became of each.

        All are kept by one change. Where one of them makes that impossible, each is kept by itself,
        and that one counts as refused.

        Raises:
            StoreError: the store cannot be written now; all of them are to come again, which those
                that were kept before the trouble began can do without harm.
        """
        try:
            return self._take_together(calls)
        except _STORE_TROUBLE:
            raise
        except Exception:  # noqa: BLE001 - whatever one call does, the others are kept
            return [self._take_alone(incoming) for incoming in calls]

    def prune(self, now: datetime, keep_days: int) -> bool:
        """Remove some of what is too old; whether there may be more.

        Args:
            now: the present moment.
            keep_days: how long calls are kept; 0 for ever.

        Raises:
            StoreError: the store cannot be written now.
        """
        with self._store.changing():
            self._store.events.forget_nonces(now - NONCE_LIFE)
            if not keep_days:
                return False
            before = now - timedelta(days=keep_days)
            return self._store.events.prune(before, limit=PRUNE_AT_ONCE) == PRUNE_AT_ONCE

    def _take_together(self, calls: Sequence[Incoming]) -> list[Taken]:
        with self._store.changing():
            self._look_again()
            taken = [self._take(incoming) for incoming in calls]
            self._tell_webhooks(calls, taken)
        return taken

    def _take_alone(self, incoming: Incoming) -> Taken:
        try:
            return self._take_together([incoming])[0]
        except _STORE_TROUBLE:
            raise
        except Exception:  # noqa: BLE001 - the call is kept, so that it can be looked into
            said = _("smstui stumbled over this call. It is kept as it came; please report it.")
            fault = Refused(said, word=_("not understood"), status=400)
        try:
            with self._store.changing():
                known = self._find(incoming.path)
                if known is None:
                    return Taken(_NOT_FOUND)
                taken = self._refuse(known, incoming.call, fault)
                self._tell_webhooks([incoming], [taken])
                return taken
        except _STORE_TROUBLE:
            raise
        except Exception:  # noqa: BLE001 - the webhook itself is unfit: the caller may come again
            return Taken(Answer(503, "", b""))

    def _look_again(self) -> None:
        """Forget the webhooks when another program has changed the store."""
        version = self._store.version()
        if version != self._version:
            self._known.clear()
            self._version = version

    def _find(self, path: str) -> _Known | None:
        known = self._known.get(path)
        if known is not None:
            return known
        try:
            record = self._store.webhooks.by_path(path)
        except NotFound:
            return None
        webhook, other = load(self._store, record), load_other(self._store, record)
        known = self._known[path] = _Known(
            record.id,
            self._store.acting_in(record.environment_id),
            webhook_vendor(record.vendor),
            webhook,
            other,
            tuple(_secrets_of(webhook)),
            webhook.text("header_name").lower(),
        )
        return known

    def _take(self, incoming: Incoming) -> Taken:
        known, call = self._find(incoming.path), incoming.call
        if known is None:
            return Taken(_NOT_FOUND)
        try:
            _authenticate(known, call)
            nonce = known.vendor.replay_key(known.webhook, call)
            if nonce and not self._store.events.use_nonce(known.id, nonce, call.received):
                raise Refused(
                    _("This very call came before: somebody has sent it again."),
                    word=_("replayed"),
                )
            readings = known.vendor.read(known.webhook, call)
        except Refused as refusal:
            return self._refuse(known, call, refusal)
        answer = known.vendor.answer(known.webhook, readings)
        return Taken(answer, tuple(self._keep(known, call, readings)))

    def _refuse(self, known: _Known, call: Call, refusal: Refused) -> Taken:
        event = NewEvent(
            kind=EventKind.REFUSED,
            result=Result.FAILED,
            word=refusal.word,
            reason=refusal.message,
        )
        call = replace(call, body=call.body[:REFUSED_BODY])
        return Taken(Answer(refusal.status), tuple(self._add(known, call, [(None, event)])))

    def _keep(self, known: _Known, call: Call, readings: Sequence[Reading]) -> Iterable[Kept]:
        if not readings:
            return self._add(known, call, [(None, NewEvent(EventKind.OTHER, word=_("empty")))])
        return self._add(known, call, [(reading, _neutral(reading)) for reading in readings])

    def _add(
        self, known: _Known, call: Call, events: Iterable[tuple[Reading | None, NewEvent]]
    ) -> list[Kept]:
        """Keep the events that are new, and count those that are not."""
        new_call = NewCall(
            known.id,
            call.received,
            call.method,
            _hide(known, call.url),
            tuple((name, _shown_header(known, name, value)) for name, value in call.headers),
            call.body,
        )
        call_id, kept = None, []
        for reading, neutral in events:
            event = neutral
            if event.key and self._store.events.repeat(known.id, event.key, call.received):
                continue
            trial = None
            if reading is not None and reading.kind is EventKind.INBOUND:
                event, trial = self._answered(known, event)
            if call_id is None:
                call_id = self._store.events.add_call(new_call)
            event_id = self._store.events.add(call_id, known.webhook.name, new_call, event)
            kept.append(Kept(event_id, known.webhook.name, call.received, event))
            if trial is not None and event.consent_after:
                self._change_consent(known, kept[-1], trial)
            if reading is not None and reading.outcome is not None:
                about = reading.message_id or reading.reference
                settle_verification(known.store, about, reading.outcome)
        return kept

    def _answered(self, known: _Known, event: NewEvent) -> tuple[NewEvent, Trial | None]:
        """Return an inbound event with what the webhook makes of its text."""
        draft = known.webhook.draft
        if not receives_inbound(draft):
            said = _("This webhook is for feedback alone, so the text changes nothing.")
            return replace(event, word=_("not for texts"), reason=said), None
        sender = event.recipient or text_of(draft.get("sender_phone_number"))
        event = replace(event, recipient=sender)
        state = known.store.consents.state(event.sender, sender)
        trial = try_reply(draft, event.text, ConsentState(state) if state else None)
        is_changed = trial.consent_after is not trial.consent_before and event.sender and sender
        return replace(
            event,
            word=_("near miss") if trial.is_fuzzy else _(WORDS[trial.category]),
            result=Result.WARNED if trial.is_fuzzy else "",
            category=trial.category,
            keyword=trial.keyword,
            is_fuzzy=trial.is_fuzzy,
            reply=trial.reply,
            consent_before=(trial.consent_before or "") if is_changed else "",
            consent_after=(trial.consent_after or "") if is_changed else "",
        ), trial

    def _change_consent(self, known: _Known, kept: Kept, trial: Trial) -> None:
        known.store.consents.change(
            kept.event.sender,
            kept.event.recipient,
            kept.event.consent_after,
            at=kept.at,
            category=trial.category,
            keyword=trial.keyword,
            webhook=kept.webhook,
            event_id=kept.id,
        )

    def _tell_webhooks(self, calls: Sequence[Incoming], taken: Sequence[Taken]) -> None:
        newest = {
            incoming.path: taken_in.kept[-1]
            for incoming, taken_in in zip(calls, taken, strict=True)
            if taken_in.kept
        }
        for path, kept in newest.items():
            id_ = self._known[path].id
            self._store.webhooks.told(id_, kept.at, kept.event.result, kept.event.word)


def _authenticate(known: _Known, call: Call) -> None:
    """Check who calls; while a secret is rotated, either of the two will do.

    Raises:
        Refused: neither does; it says what is wrong by the one in use.
    """
    try:
        known.vendor.authenticate(known.webhook, call)
    except Refused as refusal:
        if known.other is None:
            raise
        try:
            known.vendor.authenticate(known.other, call)
        except Refused:
            raise refusal from None


def _neutral(reading: Reading) -> NewEvent:
    """Return the event of a reading, before keywords are looked at."""
    outcome = reading.outcome
    return NewEvent(
        kind=reading.kind,
        result="" if outcome is None else outcome.result,
        word=reading.word if outcome is None else outcome.word,
        sender=reading.sender,
        recipient=reading.recipient,
        text=reading.text,
        message_id=reading.message_id,
        reference=reading.reference,
        key=reading.key,
        outcome=outcome_record(outcome),
        mapped=dict(reading.mapped),
    )


def _secrets_of(webhook: Webhook) -> Iterable[str]:
    """Yield what callers of a webhook prove themselves with, as far as it may be sent along."""
    for value in webhook.draft.values():
        if isinstance(value, SecretStr) and len(value.get_secret_value()) >= _SHORT:
            yield value.get_secret_value()


def _hide(known: _Known, text: str) -> str:
    for secret in known.secrets:
        text = text.replace(secret, MARK)
    return text


def _shown_header(known: _Known, name: str, value: str) -> str:
    """Return a header without what the caller proves itself with; signatures stay."""
    if name.lower() == known.header or is_secret_name(name):
        return MARK
    return _hide(known, value)[:HEADER_LENGTH]
