"""The simulated providers' calls, judged and read by the console's own side of the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.providers.base import Credential, Result
from smstui.providers.fields import Value
from smstui.providers.registry import provider_for
from smstui.simulator.core import AccountInfo
from smstui.simulator.demo import value_of
from smstui.simulator.server import Simulator
from smstui.verify import Depth, verify
from smstui.webhooks.base import Call, EventKind, Reading, Refused, Webhook, WebhookType
from smstui.webhooks.vendors.registry import webhook_vendor
from tests.receiver import Receiver
from tests.simulator.conftest import HandClock

STOPS = "+393331207867"
SECRET = "a secret of the webhook"


@dataclass(frozen=True)
class Case:
    """One kind of webhook: who calls it, to which sender subscribers text, how calls are proved."""

    webhook: str
    vendor: str
    label: str
    to: str
    own: dict[str, Value]
    ends: tuple[str, ...] = ("delivered",)
    secret: str = SECRET
    headers: tuple[tuple[str, str], ...] = ()


_HMAC: dict[str, Value] = {
    "authentication": "hmac",
    "hmac_secret": SecretStr(SECRET),
    "hmac_algorithm": "sha256",
    "hmac_encoding": "hex",
}
_HEADER: dict[str, Value] = {
    "authentication": "header",
    "header_name": "X-Key",
    "header_value": SecretStr("k" * 20),
}
_SINCH: dict[str, Value] = {"authentication": "sinch", "hmac_secret": SecretStr(SECRET)}
_KEY = (("X-Key", "k" * 20),)
_READ = ("delivered", "read")
CASES = [
    Case("Twilio", "Twilio", "live", "+12025550142", {}, secret=""),
    Case("Twilio", "Twilio", "live, RCS", "demo_brand_agent", {}, _READ, secret=""),
    Case("Sinch", "Sinch", "live", "+12025550142", _SINCH),
    Case("Sinch", "Sinch", "live", "+12025550142", _HEADER, secret="", headers=_KEY),
    Case("Sinch Conversational", "Sinch RCS", "live", "", _SINCH, _READ),
    Case("Sinch Conversational", "Sinch MMS", "live", "+12025550143", _SINCH),
    Case("Infobip", "Infobip", "live", "+385990000099", _HEADER, secret="", headers=_KEY),
    Case(
        "Infobip",
        "Infobip",
        "live",
        "DemoSender",
        {**_HMAC, "hmac_header": "X-Callback-Signature"},
    ),
    Case("Custom", "Custom", "none", "ACME", {**_HMAC, "hmac_header": "X-Signature"}),
]


@dataclass(frozen=True)
class World:
    """A simulator of all vendors, its clock, and who is called."""

    simulator: Simulator
    clock: HandClock
    receiver: Receiver

    def account(self, case: Case) -> AccountInfo:
        """Return the login of a case."""
        return next(
            info
            for info in self.simulator.accounts
            if (info.vendor, info.label) == (case.vendor, case.label)
        )

    def calls(self) -> list[Call]:
        """Let a minute pass, and return the calls that were made meanwhile."""
        self.clock.advance(60)
        self.simulator.settle()
        found = []
        while not self.receiver.received.empty():
            got = self.receiver.received.get_nowait()
            url, headers = f"{self.receiver.url}{got.path}", tuple(got.headers.items())
            found.append(Call("POST", url, headers, got.body, self.clock()))
        return found


@pytest.fixture
def world(receiver: Receiver) -> Iterator[World]:
    clock = HandClock()
    with Simulator(clock=clock, seed="tests") as simulator:
        yield World(simulator, clock, receiver)


def credential(info: AccountInfo) -> Credential:
    """Return an account as its vendor's model."""
    specs = provider_for(info.vendor).model.specs()
    draft = {name: value_of(specs[name], text) for name, text in info.fields.items()}
    built: Credential = provider_for(info.vendor).build({"name": "x", **draft})
    return built


def webhook(case: Case, info: AccountInfo, receives: WebhookType) -> Webhook:
    """Return a webhook with the fields of a new form."""
    vendor = webhook_vendor(case.webhook)
    draft = {name: spec.default for name, spec in vendor.own_fields().items()}
    if case.webhook == "Custom":
        from smstui.webhooks.vendors.custom_template import TEMPLATES

        draft["payload"] = TEMPLATES[receives]
    return Webhook("x", receives, {**draft, "type": receives.value, **case.own}, credential(info))


async def send(info: AccountInfo) -> str:
    """Send a message to somebody who answers it with STOP, and return its id."""
    provider: Any = provider_for(info.vendor)
    events = verify(
        provider, credential(info), depth=Depth.SEND, to=STOPS, text="smstui test 1", wait=0
    )
    async for event in events:
        outcome = getattr(event, "outcome", None)
        if outcome is not None and outcome.message_id:
            return str(outcome.message_id)
    raise AssertionError("The message was not accepted.")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.vendor}, {case.to or case.label}")
async def test_reports_and_answers_are_believed_and_understood(world: World, case: Case) -> None:
    info = world.account(case)
    vendor, url = webhook_vendor(case.webhook), world.receiver.url
    world.simulator.set_webhook(
        info,
        inbound=f"{url}/hook",
        feedback=f"{url}/hook",
        secret=case.secret,
        headers=dict(case.headers),
    )
    message_id = await send(info)
    both = WebhookType.BOTH
    inbound = webhook(case, info, WebhookType.INBOUND if both not in vendor.types else both)
    feedback = webhook(case, info, WebhookType.FEEDBACK if both not in vendor.types else both)
    reports: list[Reading] = []
    texts: list[Reading] = []
    for call in world.calls():
        for hook in {id(inbound): inbound, id(feedback): feedback}.values():
            vendor.authenticate(hook, call)
        is_text = b"STOP" in call.body
        readings = vendor.read(inbound if is_text else feedback, call)
        (texts if is_text else reports).extend(readings)
        body = call.body.replace(b"STOP", b"STAY") if is_text else call.body + b" "
        headers = () if case.headers else call.headers
        forged = Call("POST", call.url, headers, body, call.received)
        with pytest.raises(Refused):
            vendor.authenticate(inbound, forged)
    assert {reading.kind for reading in reports} == {EventKind.FEEDBACK}
    assert {reading.message_id or reading.reference for reading in reports} == {message_id}
    outcomes = [reading.outcome for reading in reports if reading.outcome]
    assert {outcome.result for outcome in outcomes} <= {Result.PENDING, Result.PASSED}
    final = [outcome.word for outcome in outcomes if outcome.result is Result.PASSED]
    assert final == list(case.ends)
    assert len({reading.key for reading in reports}) == len(reports)
    (text,) = texts
    assert (text.kind, text.text) == (EventKind.INBOUND, "STOP")
    assert STOPS[1:] in text.sender
    assert text.key

    world.simulator.subscriber_texts(info, number="+393339999999", to=case.to, text="Sì, grazie €")
    (call,) = world.calls()
    vendor.authenticate(inbound, call)
    (text,) = vendor.read(inbound, call)
    assert text.text == "Sì, grazie €"
