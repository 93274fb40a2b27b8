"""A store, a simulator of all providers, and our own receiver between them; time moves by hand."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from pydantic import SecretStr

from smstui.providers.fields import Value, text_of
from smstui.rcs import errands, stored
from smstui.rcs.base import Step
from smstui.rcs.document import Document
from smstui.simulator.core import AccountInfo
from smstui.simulator.server import Simulator
from smstui.store import Store
from smstui.store.records import Actor
from smstui.webhooks.base import WebhookType
from smstui.webhooks.receiver import Receiver
from smstui.webhooks.settings import ReceiverSettings
from tests.rcs.set_ups import PROFILE, setup_of
from tests.simulator.conftest import HandClock
from tests.webhooks.stage import handle_of

T = TypeVar("T")

PHONE = "+393331234568"
HMAC_SECRET = "a secret of the webhook"
ACCOUNTS = {
    "Twilio": ("Twilio", "live, RCS new"),
    "Infobip": ("Infobip", "live, RCS new"),
    "Sinch": ("Sinch RCS", "live, RCS new"),
    "Other": ("Custom", "Bearer"),
}
OWN: dict[str, dict[str, Value]] = {
    "Twilio": {"sender_id": "rcs:acme_agent"},
    "Infobip": {"sender_name": "Acme"},
    "Sinch": {"region": "eu", "use_case": "MULTIUSE"},
    "Other": {"sender_id": "ACME"},
}
"""What a person chooses."""


class World:
    """A store, a running simulator and a running receiver."""

    def __init__(self, store: Store, simulator: Simulator, clock: HandClock, path: Path) -> None:
        self.store = store
        self.simulator = simulator
        self.clock = clock
        self._path = path
        self._closing = ExitStack()

    async def call(self, function: Callable[[Store], T], /) -> T:
        """Carry a function out with the store; a moment passes meanwhile."""
        self.pass_time(2)
        return function(self.store)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and let every call arrive that falls due."""
        self.clock.advance(seconds)
        self.simulator.settle()

    async def sleep(self, seconds: float) -> None:
        """Let time pass in place of waiting."""
        self.pass_time(seconds)

    def monotonic(self) -> float:
        """Return the seconds of the clock."""
        return self.clock.moment.timestamp()

    def account(self, route: str) -> AccountInfo:
        """Return the account at the simulated provider that a set-up logs in to."""
        return next(a for a in self.simulator.accounts if (a.vendor, a.label) == ACCOUNTS[route])

    def begin(self, route: str, name: str = "Acme brand") -> Document:
        """Make a set-up and fill its register step with account and profile."""
        document = stored.create(self.store, name, route)
        specs = document.specs(Step.REGISTER)
        typed: dict[str, Value] = {
            key: SecretStr(value) if specs[key].is_secret else value
            for key, value in self.account(route).fields.items()
            if key in specs
        }
        typed |= {key: value for key, value in PROFILE.items() if key in specs}
        return document.typed(Step.REGISTER, {**typed, **OWN[route]})

    async def act(self, document: Document, key: str, **asked: Value) -> Document:
        """Carry an action out that has to work, and take in what it came to."""
        carried = await errands.act(document, key, asked)
        assert carried.progress.outcome.result.value in ("passed", "pending"), carried
        return errands.take_in(document, carried.progress, self.clock())

    async def register(self, document: Document) -> Document:
        """Do at the provider what a test needs: sender, test device, app or service."""
        name = document.route_name
        if name == "Twilio":
            for key in ("create_sender", "create_service", "attach_sender"):
                document = await self.act(document, key, service_name="Acme")
            self.clock.advance(5)
            account = self.account(name)
            self.simulator.invite_tester(account, sender="rcs:acme_agent", number=PHONE)
        elif name == "Infobip":
            document = await self.act(document, "create_sender")
            self.clock.advance(3)
            document = await self.act(document, "add_test_number", test_number=PHONE)
        elif name == "Sinch":
            document = await self.act(document, "create_sender")
            self.clock.advance(3)
            document = await self.act(document, "add_test_number", test_number=PHONE)
            document = await self.act(document, "link_app")
        self.clock.advance(10)
        return document

    def through_register(self, document: Document) -> Document:
        """Save the register step, and stand at the webhooks with what their callers prove."""
        document = stored.remember(self.store, document)
        document = stored.advance(self.store, document)
        if document.route_name == "Sinch":
            document = document.typed_hook(0, {"hmac_secret": SecretStr(HMAC_SECRET)})
        if document.route_name == "Infobip":
            login = {"authentication": "basic", "caller_user": "acme"}
            for index in (0, 1):
                secret = {"caller_password": SecretStr(HMAC_SECRET)}
                document = document.typed_hook(index, {**login, **secret})
        if document.route_name == "Other":
            way = {"authentication": "hmac", "hmac_header": "X-Signature"}
            for index in (0, 1):
                own: dict[str, Value] = {**way, "hmac_secret": SecretStr(HMAC_SECRET)}
                own |= {"hmac_algorithm": "sha256", "hmac_encoding": "hex"}
                document = document.typed_hook(index, own)
        return document

    def through_credential(self, document: Document) -> Document:
        """Save webhooks and credential, and stand at the test."""
        document = stored.advance(self.store, document)
        if document.route_name == "Other":
            fields = self.account("Other").fields
            own: dict[str, Value] = {"api_token": SecretStr(fields["api_token"])}
            own |= {k: fields[k] for k in ("message_id_extraction", "message_id_path")}
            document = document.typed(Step.CREDENTIAL, own)
        return stored.advance(self.store, document)

    def listen(self) -> None:
        """Switch our receiver on."""
        receiver = Receiver(self._open, ReceiverSettings(port=0), clock=self.clock)
        self._closing.enter_context(receiver)
        receiver.settings.save(self.store)

    def receive(self, document: Document) -> None:
        """Switch our receiver on, and have the provider call the webhooks of a set-up."""
        self.listen()
        settings = ReceiverSettings.load(self.store)
        urls = {
            record.type: settings.url_of(record.path)
            for record in stored.webhooks_of(self.store, document)
        }
        both = urls.get(WebhookType.BOTH.value, "")
        name = document.route_name
        headers = {}
        if name == "Infobip":
            token = base64.b64encode(f"acme:{HMAC_SECRET}".encode()).decode()
            headers = {"Authorization": f"Basic {token}"}
        self.simulator.set_webhook(
            self.account(name),
            inbound=both or urls[WebhookType.INBOUND.value],
            feedback=both or urls[WebhookType.FEEDBACK.value],
            secret=HMAC_SECRET if name in ("Sinch", "Other") else "",
            headers=headers,
            sender=text_of(document.register["sender_id"]) if name == "Twilio" else "",
        )

    def _open(self) -> Store:
        handle = handle_of(self._path)
        return Store.reopen(self._path, handle, actor=Actor("receiver", ""), clock=self.clock)

    def close(self) -> None:
        """End the receiver."""
        self._closing.close()


def begun(store: Store, name: str) -> Document:
    """Return a set-up whose register step is filled in, standing at its webhooks."""
    document = stored.create(store, "Acme brand", name)
    typed = document.typed(Step.REGISTER, setup_of(name).drafts[Step.REGISTER])
    document = stored.advance(store, stored.remember(store, typed))
    if name == "Sinch":
        document = document.typed_hook(0, {"hmac_secret": SecretStr("s" * 20)})
    return document


def at_credential(store: Store, name: str) -> Document:
    """Return a set-up whose webhooks are stored."""
    document = stored.advance(store, begun(store, name))
    if name == "Other":
        document = document.typed(Step.CREDENTIAL, {"api_token": SecretStr("token-0123456789")})
    return document


@contextmanager
def running(path: Path) -> Iterator[World]:
    """Run a simulator beside a store."""
    clock = HandClock()
    with (
        Simulator(clock=clock, seed="tests") as simulator,
        Store.reopen(path, handle_of(path), actor=Actor("ada", ""), clock=clock) as store,
    ):
        world = World(store, simulator, clock, path)
        try:
            yield world
        finally:
            world.close()
