"""What every simulated vendor stands on: the clock, seeded ids, and callbacks on loopback."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from urllib.parse import urlsplit

from smstui.errors import SmstuiError
from smstui.i18n import N_
from smstui.times import Clock

if TYPE_CHECKING:
    import ssl

    from starlette.routing import BaseRoute  # A program that only starts a simulator needs none.

MAX_BODY = 1 << 20
"""Bytes read of a request's body; more is refused."""

POLL_SECONDS = 0.02
"""How often a waiting callback looks at the clock, which tests may move by hand."""

CALLBACK_TIMEOUT = 15.0
"""Seconds a callback waits for its answer (Twilio's limit, the shortest of the vendors)."""


class Ids:
    """Identifiers that look random and are the same in every run with the same seed."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._counts: Counter[str] = Counter()

    def fixed(self, name: str, length: int = 32) -> str:
        """Return the hex digits that belong to a name.

        Args:
            name: what the id is for, unique among the names.
            length: digits wanted, at most 64.
        """
        return hashlib.sha256(f"{self._seed}/{name}".encode()).hexdigest()[:length]

    def next(self, kind: str, length: int = 32) -> str:
        """Return the hex digits of the next thing of a kind."""
        self._counts[kind] += 1
        return self.fixed(f"{kind} {self._counts[kind]}", length)


def uuid(digits: str) -> str:
    """Return 32 hex digits as a UUID of version 4."""
    d = f"{digits[:12]}4{digits[13:16]}8{digits[17:32]}"
    return "-".join((d[:8], d[8:12], d[12:16], d[16:20], d[20:]))


class SimulatorFailed(SmstuiError):
    """The simulator cannot start."""

    title = N_("The simulator does not start")


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """A login that the simulator knows, in the words of the credential model.

    Attributes:
        vendor: the value of the *SMS vendor* field.
        label: what is special about it, unique within the vendor: "live", "trial".
        fields: credential field name to value, a switch as "true", pairs as a JSON object; tokens
            in it open the simulator and nothing else.
        note: one or two sentences on what to expect.
    """

    vendor: str
    label: str
    fields: Mapping[str, str] = field(repr=False)
    note: str = ""


def announcement(url: str, accounts: Iterable[AccountInfo]) -> dict[str, Any]:
    """Return a running simulator's URL and accounts as one JSON document, tokens included."""
    return {
        "url": url,
        "accounts": [
            {
                "vendor": info.vendor,
                "label": info.label,
                "fields": dict(info.fields),
                "note": info.note,
            }
            for info in accounts
        ],
    }


@dataclass(frozen=True, slots=True)
class Callback:
    """One webhook request that falls due at a moment of the clock.

    Attributes:
        repeats_after: seconds until it is tried once more when nobody answers, or with 429 or 5xx;
            0 for a vendor that does not try again by itself.
    """

    due: datetime
    url: str
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    repeats_after: float = 0.0


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a provider calls an account's owner, as it is set at the provider.

    Attributes:
        inbound: the URL for what subscribers text; empty for nowhere.
        feedback: the URL for delivery reports of messages that name none; empty for nowhere.
        secret: signs the calls of a vendor whose signature has a secret of its own.
        headers: sent with each call, where the vendor has such a thing: a fixed key, a login.
        sender: the RCS sender whose own setting this is, where senders have one (Twilio's); empty
            for the account's.
    """

    inbound: str = ""
    feedback: str = ""
    secret: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A text that a subscriber sends.

    Attributes:
        number: the subscriber's, with ``+`` and country code.
        to: the sender that is answered: a number, or the name of an RCS sender.
        text: what is written.
        due: when it comes.
    """

    number: str
    to: str
    text: str = field(repr=False)
    due: datetime


class World:
    """What the vendors share while one simulator runs: its clock, its ids, its outgoing calls.

    Attributes:
        clock: answers the present moment; message states are computed from it.
        ids: makes identifiers.
        started: the moment at which everything that is there from the start was created.
    """

    def __init__(self, clock: Clock, seed: str) -> None:
        self.clock = clock
        self.ids = Ids(seed)
        self.started = clock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: list[Callback] = []
        self.post: Callable[[Callback], bool] = post
        """Makes a call, and returns whether it was taken, or refused for good."""

    def schedule(self, callbacks: Iterable[Callback]) -> None:
        """Post callbacks one after the other, each when it falls due.

        Addresses other than loopback are skipped.
        """
        wanted = [callback for callback in callbacks if is_loopback(callback.url)]
        if wanted:
            self._waiting += wanted
            self._keep(self._post_in_order(sorted(wanted, key=lambda callback: callback.due)))

    async def settle(self) -> None:
        """Return when nothing that is due is still to be posted."""
        while any(callback.due <= self.clock() for callback in self._waiting):  # noqa: ASYNC110 - as below
            await asyncio.sleep(POLL_SECONDS)

    async def _post_in_order(self, callbacks: list[Callback]) -> None:
        for callback in callbacks:
            while self.clock() < callback.due:  # noqa: ASYNC110 - tests move the clock by hand
                await asyncio.sleep(POLL_SECONDS)
            is_taken = await asyncio.to_thread(self.post, callback)
            if not is_taken and callback.repeats_after:
                due = self.clock() + timedelta(seconds=callback.repeats_after)
                self.schedule([replace(callback, due=due, repeats_after=0.0)])
            self._waiting.remove(callback)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        # The loop holds tasks weakly; the set keeps them alive until they are done.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Give up what is still waiting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


class Vendor(Protocol):
    """What a simulated vendor offers the server."""

    def routes(self) -> list[BaseRoute]:
        """Return its HTTP routes; all vendors share one host, told apart by path."""
        ...

    def accounts(self, url: str) -> list[AccountInfo]:
        """Return its logins for a simulator that listens at url."""
        ...

    def set_webhook(self, account: AccountInfo, hook: Hook) -> None:
        """Set where the owner of one of its accounts is called, as in the vendor's own console.

        Raises:
            SimulatorFailed: the vendor has no such setting for this account.
        """
        ...

    def incoming(self, account: AccountInfo, text: Incoming) -> list[Callback]:
        """Return the calls that tell the owner of one of its accounts of a subscriber's text.

        Raises:
            SimulatorFailed: the account has no such sender.
        """
        ...


@runtime_checkable
class WithConsole(Protocol):
    """A vendor whose RCS senders and test devices are made in its console, not by API."""

    def add_rcs_sender(self, account: AccountInfo, name: str) -> str:
        """Make an RCS sender and return its id in the API.

        Raises:
            SimulatorFailed: the account may not have one.
        """
        ...

    def invite_tester(self, account: AccountInfo, sender: str, number: str) -> None:
        """Invite a test device of an RCS sender; its owner accepts in a moment.

        Raises:
            SimulatorFailed: there is no such sender, or it cannot be invited.
        """
        ...


@runtime_checkable
class WithTls(Protocol):
    """A vendor that also answers by TLS, at a port of its own.

    There ``request.state.is_proven`` tells whether the client has shown a certificate.

    Attributes:
        tls_url: set before the simulator is announced, ``https://127.0.0.1:4011``.
    """

    tls_url: str

    def tls_context(self) -> ssl.SSLContext:
        """Return what its side of TLS is made of; called once, when the simulator starts."""
        ...


MakeVendor = Callable[[World], Vendor]


def is_loopback(url: str) -> bool:
    """Whether an http or https URL points at this machine, by name or by address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"}:
            return False
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def post(callback: Callback) -> bool:
    """Post a callback over HTTP, and return whether it was taken, or refused for good."""
    import http.client
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - is_loopback let http and https pass only
        callback.url, data=callback.body, headers=dict(callback.headers), method="POST"
    )
    # Without handlers for proxies and redirects: nothing may lead away from this machine.
    opener = urllib.request.OpenerDirector()
    opener.add_handler(urllib.request.HTTPHandler())
    opener.add_handler(urllib.request.HTTPSHandler())
    try:
        with opener.open(request, timeout=CALLBACK_TIMEOUT) as answer:
            answer.read(MAX_BODY)
            return bool(answer.status != 429 and answer.status < 500)
    except (OSError, http.client.HTTPException):
        return False
