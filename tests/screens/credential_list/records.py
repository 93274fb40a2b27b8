"""Credentials for the tests of the list: made by several people, verified at several times."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zlib import crc32

from pydantic import SecretStr

from smstui.store import Store
from smstui.store.records import Actor, NewCredential
from tests.conftest import NOW, PASSPHRASE

SECRET = "0123456789abcdef0123456789abcdef"
ODD = (
    "[/x] [bold]markup",
    "esc\x1b[2Jwiped \x07bell",
    "日本語の名前がとても長いもの",
    "family 👩‍👩‍👧 emoji",
    "right\u202eto left",
    "n" * 100,
)


def twilio(name: str, number: int = 0) -> NewCredential:
    """Return a Twilio credential."""
    return NewCredential(
        vendor="Twilio",
        name=name,
        fields={
            "account_sid": f"AC{number:032x}",
            "inbound_number": f"+1500555{number:04d}",
        },
        # Each its own: the list would tell of those that hold the same.
        secrets={"auth_token": SecretStr(SECRET[:-8] + f"{crc32(name.encode()):08x}")},
    )


def add(path: Path, user: str, at: datetime, *news: NewCredential) -> None:
    """Add credentials to a store as somebody, some time ago."""
    with Store.open(path, PASSPHRASE, actor=Actor(user, ""), clock=lambda: at) as store:
        store.credentials.add_many(news)


def verify(path: Path, at: datetime, *runs: tuple[str, str, str, str]) -> None:
    """Keep verifications in a store: name, depth, result and word of each."""
    with Store.open(path, PASSPHRASE, actor=Actor("ada", ""), clock=lambda: at) as store:
        for name, depth, result, word in runs:
            store.verifications.add(
                store.credentials.by_name(name).id,
                depth=depth,
                result=result,
                word=word,
                seconds=1.5,
                to="+393331234567" if depth == "send" else "",
                message_id="",
                record={},
            )


def fill(path: Path) -> None:
    """Fill an empty store with a dozen credentials."""
    add(
        path,
        "ada",
        NOW - timedelta(days=12),
        *(twilio(name, number) for number, name in enumerate(("twilio-main", "twilio-trial"), 1)),
        NewCredential("Acme SMS", "acme-otp", {}, {}),
    )
    grace = ("twilio-eu", "twilio-new", "marketing-emea", "marketing-us", "otp-backup")
    add(path, "grace", NOW - timedelta(days=3), *(twilio(n, i) for i, n in enumerate(grace, 10)))
    linus = ("acme-marketing-production-europe-west", "billing", "support-desk", "zz-retired")
    add(path, "linus", NOW - timedelta(hours=5), *(twilio(n, i) for i, n in enumerate(linus, 20)))
    verify(
        path,
        NOW - timedelta(days=3),
        ("twilio-main", "check", "passed", "fields fit"),
        ("twilio-main", "probe", "failed", "token refused"),
        ("twilio-eu", "probe", "failed", "token refused"),
        ("billing", "send", "passed", "delivered"),
    )
    verify(
        path,
        NOW - timedelta(hours=30),
        ("twilio-main", "probe", "passed", "token accepted"),
        ("twilio-main", "send", "warned", "accepted"),
        ("twilio-trial", "send", "warned", "accepted"),
    )
    verify(
        path,
        NOW - timedelta(hours=2),
        ("twilio-main", "send", "passed", "delivered"),
        ("support-desk", "probe", "warned", "trial account"),
    )
