"""How the rows of Sinch's tables are written."""

from __future__ import annotations

from typing import Any

import httpx

from smstui.providers.base import Result
from smstui.providers.fields import Value
from tests.verify import sinch_replies as sinch
from tests.verify.table import Rows
from tests.verify.twilio_replies import (
    CHECK,
    PROBE,
    SEND,
    Case,
)

DRAFTS = {"Sinch": sinch.SMS, "Sinch MMS": sinch.MMS, "Sinch RCS": sinch.RCS}
TO = "+12065550123"
LOST = httpx.ConnectTimeout("x")
NO_BODY = (401, "")


def row(vendor: str, *args: Any, **more: Any) -> Case:
    """Return one row."""
    return Rows(vendor, DRAFTS[vendor], TO)(*args, **more)


def check(vendor: str, label: str, result: Result, word: str, says: str, **draft: Value) -> Case:
    return row(vendor, CHECK, "shape", label, result, word, says, draft=draft)


def probe(vendor: str, *args: Any, **more: Any) -> Case:
    return row(vendor, PROBE, "authenticate", *args, **more)


def send(vendor: str, stage: str, *args: Any, **more: Any) -> Case:
    return row(vendor, SEND, stage, *args, **more)
