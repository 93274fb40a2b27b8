"""Infobip's rows of the table: three depths, and what goes wrong at each."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from smstui.providers.base import Result
from smstui.providers.fields import Value
from tests.verify.infobip_replies import (
    BALANCE,
    INFOBIP,
    LOGS,
    MESSAGE,
    POST,
    TO,
    after,
    error,
    logged,
    older,
    sent,
)
from tests.verify.table import Rows
from tests.verify.twilio_replies import (
    CHECK,
    FAILED,
    HTML,
    PASSED,
    PENDING,
    PROBE,
    SEND,
    WARNED,
    Case,
)

NO_STATE = {"results": [{"messageId": MESSAGE}]}


row = Rows("Infobip", INFOBIP, TO)


def check(label: str, result: Result, word: str, says: str, **draft: Value) -> Case:
    return row(CHECK, "shape", label, result, word, says, draft=draft)


def probe(*args: Any, **more: Any) -> Case:
    return row(PROBE, "authenticate", *args, **more)


def accept(*args: Any, **more: Any) -> Case:
    return row(SEND, "accept", *args, **more)


def deliver(*args: Any, **more: Any) -> Case:
    return row(SEND, "deliver", *args, **more)


def rejected(label: str, number: int, name: str, word: str, says: str) -> Case:
    """Return a row for a refusal inside a 200."""
    return accept(label, FAILED, word, says, {POST: sent(number, action="Act so.")}, code=name)


TABLE = [
    check("right", PASSED, "fields fit", "Infobip's rules"),
    check("odd key", WARNED, "doubtful", "32 digits or letters", api_key=SecretStr("key")),
    check("shared host", WARNED, "doubtful", "that all share", api_base_url="api.infobip.com"),
    check("long validity", WARNED, "doubtful", "silently takes 48", validity_period=72),
    probe("right", PASSED, "key accepted", "API key accepted; balance 12.50 EUR"),
    probe(
        "balance not told", PASSED, "key accepted", "accepted", {BALANCE: older(403, "FORBIDDEN")}
    ),
    probe("odd balance", PASSED, "key accepted", "accepted", {BALANCE: {"balance": True}}),
    probe(
        "no credit",
        WARNED,
        "no credit",
        "balance 0.00 EUR With no balance left",
        {BALANCE: {"balance": 0, "currency": "EUR"}},
    ),
    probe("wrong secret", FAILED, "key refused", "allowlist", {LOGS: error(401)}, code="E401"),
    probe(
        "wrong secret, older form",
        FAILED,
        "key refused",
        "calls from other addresses",
        {LOGS: older(401, "UNAUTHORIZED")},
        code="UNAUTHORIZED",
    ),
    probe("wrong secret, mute", FAILED, "key refused", "Compare the key", {LOGS: (401, "")}),
    probe(
        "scope missing",
        WARNED,
        "key limited",
        "scope sms:logs:read is missing The key is genuine",
        {LOGS: error(403)},
        code="E403",
    ),
    probe(
        "scope missing, older form",
        WARNED,
        "key limited",
        "only a real message proves",
        {LOGS: older(403, "FORBIDDEN")},
        code="FORBIDDEN",
    ),
    probe("a proxy's 403", FAILED, "not permitted", "allow-lists", {LOGS: (403, "<p>No.</p>")}),
    probe("wrong id", FAILED, "not found", "not Infobip's API", {LOGS: error(404)}, code="E404"),
    probe("wrong host", FAILED, "not found", "Copy the base URL", {LOGS: (404, "<h1>No</h1>")}),
    probe("throttled", FAILED, "throttled", "Wait a little", {LOGS: error(429)}, code="E429"),
    probe("fault", FAILED, "Infobip fault", "Try again later", {LOGS: error(500)}, code="E500"),
    probe("gateway", FAILED, "provider down", "later", {LOGS: HTML}),
    probe("HTML", FAILED, "broken answer", "web page", {LOGS: (200, "<p>")}),
    probe("empty", FAILED, "broken answer", "is empty", {LOGS: (200, "")}),
    probe("cut JSON", FAILED, "broken answer", "end is missing", {LOGS: (200, '{"results":[')}),
    probe("other JSON", FAILED, "broken answer", "not what this call", {LOGS: {"results": 1}}),
    row(
        SEND,
        "shape",
        "bad number",
        FAILED,
        "to be mended",
        "Number: The country code is missing",
        to="3331234567",
    ),
    row(
        SEND,
        "authenticate",
        "wrong secret",
        FAILED,
        "key refused",
        "allowlist",
        {LOGS: error(401)},
        code="E401",
    ),
    rejected("refused sender", 11, "REJECTED_SOURCE", "sender refused", "Register it"),
    rejected(
        "trial",
        18,
        "REJECTED_DESTINATION_NOT_REGISTERED",
        "trial account",
        "Verify the number",
    ),
    rejected("flooding", 20, "REJECTED_FLOODING_FILTER", "flooding filter", "do not repeat it"),
    rejected(
        "id used before",
        23,
        "REJECTED_DUPLICATE_MESSAGE_ID",
        "id used before",
        "A new run uses a new id",
    ),
    rejected("unknown rejection", 94, "REJECTED_SOMETHING_NEW", "rejected", "own text below"),
    accept(
        "undeliverable at once",
        FAILED,
        "not delivered",
        "undelivered",
        {POST: sent(9)},
        code="UNDELIVERABLE_NOT_DELIVERED",
    ),
    accept(
        "group by name alone",
        FAILED,
        "rejected",
        "rejected",
        {POST: {"messages": [{"messageId": MESSAGE, "status": {"groupName": "REJECTED"}}]}},
    ),
    accept(
        "violation",
        FAILED,
        "request refused",
        "own text below",
        {POST: error(400, ("messages[0].destinations[0].to", "must not be null"))},
        code="E400",
    ),
    accept(
        "scope missing",
        FAILED,
        "scope missing",
        "message:send, sms:message:send, sms:manage",
        {POST: error(403)},
        code="E403",
    ),
    accept("throttled", FAILED, "throttled", "Wait a little", {POST: error(429)}, code="E429"),
    accept(
        "fault",
        FAILED,
        "Infobip fault",
        "It may have been sent. Look it up before sending again. In the logs of the Infobip portal",
        {POST: error(500)},
        code="E500",
    ),
    accept("no message", FAILED, "broken answer", "may have been", {POST: {"messages": []}}),
    accept("HTML", FAILED, "broken answer", "may have been", {POST: (200, "<p>")}),
    deliver("right", PASSED, "delivered", "delivered by SMS"),
    deliver(
        "absent",
        FAILED,
        "unreachable",
        "undelivered (EC_ABSENT_SUBSCRIBER)",
        after(logged(9, 27, "EC_ABSENT_SUBSCRIBER")),
        code="EC_ABSENT_SUBSCRIBER",
    ),
    deliver(
        "opted out",
        FAILED,
        "opted out",
        "Sending it again as it is will not help.",
        after(logged(4, 603, "EC_CONTENT_BLOCKED", permanent=True)),
        code="EC_CONTENT_BLOCKED",
    ),
    deliver(
        "operator's refusal without a known error",
        FAILED,
        "operator refused",
        "undelivered (UNDELIVERABLE_REJECTED_OPERATOR)",
        after(logged(4, 555, "EC_NEW")),
        code="UNDELIVERABLE_REJECTED_OPERATOR",
    ),
    deliver(
        "rejected later",
        FAILED,
        "sender refused",
        "rejected (REJECTED_SOURCE)",
        after(logged(11)),
        code="REJECTED_SOURCE",
    ),
    deliver(
        "expired",
        FAILED,
        "expired",
        "use a longer Validity Period",
        after(logged(15, 4101, "EC_VALIDITY_EXPIRED")),
        code="EC_VALIDITY_EXPIRED",
    ),
    deliver(
        "no report",
        WARNED,
        "no receipt",
        "it may have arrived or not",
        after(logged(29)),
        code="EXPIRED_DLR_UNKNOWN",
    ),
    deliver("operator only", WARNED, "with operator", "Look at the handset", after(logged(2))),
    deliver("waiting for ever", PENDING, "sent", "handed to the operator", after(logged(3))),
    deliver("enroute for ever", PENDING, "accepted", "on its way", after(logged(7))),
    deliver(
        "never in the logs", PENDING, "accepted", "not in the logs yet", after({"results": []})
    ),
    deliver(
        "no state", PENDING, "accepted", "accepted", after({"results": [{"messageId": MESSAGE}]})
    ),
    deliver("logs refused", PENDING, "accepted", "sms:logs:read", after(error(403)), code="E403"),
    deliver("logs as HTML", PENDING, "accepted", "web page", after((200, "<p>"))),
]
