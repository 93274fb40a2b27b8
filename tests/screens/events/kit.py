"""Events for the tests of their screens, and what these read from the screen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from textual.app import App
from textual.widgets import Static

from screens.event_list import EventListPage
from screens.shell import ShellScreen
from screens.widgets.detail_lines import DetailLines
from screens.widgets.record_table import RecordTable
from smstui.providers.base import Outcome, Result
from smstui.store import Store
from smstui.store.webhook_records import NewCall, NewEvent
from smstui.webhooks.stored import outcome_record
from tests.conftest import NOW
from tests.screens.webhooks.kit import credentials, webhook

PEOPLE = "+393331234567"
SENDER = "+15005550006"
FORM = urlencode(
    {
        "MessageSid": "SM5f0c1a2b3c4d5e6f708192a3b4c5d6e7",
        "From": PEOPLE,
        "To": SENDER,
        "Body": "Stop",
    }
).encode()
REPORT = (
    b'{"results":[{"messageId":"344513","status":{"groupName":"UNDELIVERABLE"},'
    b'"to":"393471234502"}]}'
)
UNDELIVERED = Outcome(
    result=Result.FAILED,
    word="undelivered",
    summary="not delivered (30003)",
    cause="The handset is switched off or out of reach.",
    next_step="Send again later; ask the subscriber whether the number still holds.",
    code="30003",
    raw="Unreachable destination handset",
    link="https://www.twilio.com/docs/api/errors/30003",
)
REFUSAL = (
    "The signature does not fit https://hooks.acme.example/w/x7Qm2vK9. Twilio signs the URL as it "
    "was typed in the Console: compare scheme, host, port and path with the public URL set here, "
    "and look at proxies in between. Or the Auth Token is another account's."
)
STOP = NewEvent(
    kind="inbound",
    word="opt-out",
    sender=PEOPLE,
    recipient=SENDER,
    text="Stop",
    message_id="SM5f0c1a2b3c4d5e6f708192a3b4c5d6e7",
    key="SM5f0c",
    category="opt_out",
    keyword="STOP",
    reply="Acme: you get no more messages. Reply START to come back.",
    consent_before="in",
    consent_after="out",
    mapped={
        "InboundMessage": "Stop",
        "ProfileNumber": PEOPLE,
        "RequestID": "SM5f0c1a2b3c4d5e6f708192a3b4c5d6e7",
        "OriginTimestamp": "2026-11-23T09:58:12.000Z",
        "InboundNumber": SENDER,
    },
)


def event_of(**values: Any) -> NewEvent:
    """Return an event between the usual numbers."""
    return NewEvent(**{"sender": PEOPLE, "recipient": SENDER, **values})


def keep(
    store: Store,
    webhook_id: int,
    event: NewEvent,
    *,
    before: timedelta = timedelta(0),
    body: bytes = FORM,
    media_type: str = "application/x-www-form-urlencoded",
) -> int:
    """Keep a call with one event, and return the event's id."""
    at = NOW - before
    call = NewCall(
        webhook_id,
        at,
        "POST",
        "https://hooks.acme.example/w/x7Qm2vK9tR4wLpZ8sN1cY6bH3dF5gJ0a",
        (
            ("Host", "hooks.acme.example"),
            ("Content-Type", media_type),
            ("X-Twilio-Signature", "R2lhbmx1Y2EgaXMgYSBuYW1lIQ8/="),
            ("User-Agent", "TwilioProxy/1.1"),
        ),
        body,
    )
    with store.changing():
        call_id = store.events.add_call(call)
        name = store.webhooks.get(webhook_id).name
        return store.events.add(call_id, name, call, event)


def change(store: Store, event_id: int, state: str, keyword: str, at: datetime) -> None:
    """Let an event change consent."""
    event = store.events.get(event_id).event
    store.consents.change(
        event.sender,
        event.recipient,
        state,
        at=at,
        category="opt_out" if state == "out" else "opt_in",
        keyword=keyword,
        webhook="twilio-replies",
        event_id=event_id,
    )


def fill(store: Store) -> None:
    """Fill an empty store with two webhooks, some events, and the consent they led to."""
    credentials(store)
    replies = webhook(store, "twilio-replies", "Twilio", "twilio-main", serves="Both").id
    reports = webhook(
        store, "infobip-reports", "Infobip", "", path="b" * 32, type="Feedback", opt_in_reply=""
    ).id
    minute = timedelta(minutes=1)
    start = keep(
        store,
        replies,
        event_of(
            kind="inbound", word="opt-in", text="START", category="opt_in", keyword="START",
            consent_after="in",
        ),
        before=timedelta(days=3),
    )  # fmt: skip
    change(store, start, "in", "START", NOW - timedelta(days=3))
    other = keep(
        store,
        replies,
        event_of(
            kind="inbound", word="double opt-in", text="ALERTS", category="double_opt_in",
            keyword="ALERTS", sender="+14155550123", consent_after="asked",
        ),
        before=timedelta(hours=20),
    )  # fmt: skip
    change(store, other, "asked", "ALERTS", NOW - timedelta(hours=20))
    keep(
        store,
        replies,
        event_of(kind="inbound", word="help", text="help", category="help", keyword="HELP",
                 reply="Acme alerts. Help: acme.example/help."),
        before=40 * minute,
    )  # fmt: skip
    keep(
        store,
        replies,
        event_of(
            kind="inbound", word="near miss", result="warned", text="stopp it please",
            category="opt_out", keyword="STOP", is_fuzzy=True,
            reply="Nothing has changed yet. Reply STOP to opt out.",
        ),
        before=31 * minute,
    )  # fmt: skip
    delivered = Outcome(result=Result.PASSED, word="delivered", summary="delivered")
    keep(
        store,
        replies,
        event_of(kind="feedback", word="delivered", result="passed", key="d1",
                 sender=SENDER, recipient=PEOPLE, message_id="SM01",
                 outcome=outcome_record(delivered), mapped={"feedbackStatus": "delivered"}),
        before=12 * minute,
    )  # fmt: skip
    store.events.repeat(replies, "d1", NOW - 11 * minute)
    store.events.repeat(replies, "d1", NOW - 10 * minute)
    keep(
        store,
        reports,
        event_of(kind="feedback", word="undelivered", result="failed", sender=SENDER,
                 recipient="+393471234502", text="", message_id="344513",
                 outcome=outcome_record(UNDELIVERED),
                 mapped={"client_reference": "", "failureCode": "30003",
                         "feedbackStatus": "undelivered"}),
        before=9 * minute,
        body=REPORT,
        media_type="application/json",
    )  # fmt: skip
    keep(
        store,
        reports,
        NewEvent(kind="other", word="typing", mapped={"eventType": "IS_TYPING"}),
        before=6 * minute,
        body=b'{"event":"IS_TYPING"}',
        media_type="application/json",
    )
    keep(
        store,
        replies,
        NewEvent(kind="refused", result="failed", word="bad signature", reason=REFUSAL),
        before=4 * minute,
    )
    stop = keep(store, replies, STOP, before=2 * minute)
    change(store, stop, "out", "STOP", NOW - 2 * minute)


def page_of(app: App[Any]) -> EventListPage:
    """The list of events, wherever one is."""
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    page = shell.page
    assert isinstance(page, EventListPage)
    return page


def rows_of(app: App[Any]) -> list[str]:
    """The lines of the list that are drawn, the cursor's mark among them."""
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    assert shell.page is not None
    table = shell.page.query_one(RecordTable)
    return [
        table.render_line(y).text.rstrip()
        for y in range(1, min(table.size.height, table.total + 1))
    ]


def count_of(app: App[Any]) -> str:
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    assert shell.page is not None
    return str(shell.page.query_one(".list-count", Static).render())


def strip_of(app: App[Any]) -> str:
    """What is told about the row one stands on."""
    shell = next(screen for screen in app.screen_stack if isinstance(screen, ShellScreen))
    assert shell.page is not None
    lines = shell.page.query_one(DetailLines)
    return "\n".join(lines.render_line(y).text.rstrip() for y in range(lines.size.height)).rstrip()
