"""Twilio's own SDK drives the simulator, and accepts what the simulator calls back with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import TwilioRestException, TwilioServiceException  # type: ignore[import-untyped] # It has no type hints.
from twilio.http.http_client import TwilioHttpClient  # type: ignore[import-untyped] # It has no type hints.
from twilio.http.response import Response  # type: ignore[import-untyped] # It has no type hints.
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped] # It has no type hints.
from twilio.rest import Client  # type: ignore[import-untyped] # It has no type hints.
from twilio.rest.messaging.v2.channels_sender import ChannelsSenderList  # type: ignore[import-untyped] # It has no type hints.

from smstui.simulator.server import Simulator
from smstui.simulator.twilio import TwilioVendor
from tests.receiver import Receiver

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
RECIPIENT = "+12025550100"


class Redirected(TwilioHttpClient):  # type: ignore[misc] # Its base has no type hints.
    """Sends what is meant for any of Twilio's hosts to the simulator."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=10)
        self._to = urlsplit(url)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        parts = urlsplit(url)._replace(scheme=self._to.scheme, netloc=self._to.netloc)
        return super().request(method, urlunsplit(parts), *args, **kwargs)


class World:
    """A simulator, its clock, and the SDK's client for each of its accounts."""

    def __init__(self) -> None:
        self.now = START
        self.simulator = Simulator(clock=lambda: self.now, makers=[TwilioVendor])
        self.simulator.start()
        self.http = Redirected(self.simulator.url)
        self.fields = {info.label: info.fields for info in self.simulator.accounts}

    def client(self, label: str = "live") -> Client:
        """Return a client with this login."""
        fields = self.fields[label]
        if "api_key_sid" in fields:
            user, password = fields["api_key_sid"], fields["api_key_secret"]
        else:
            user, password = fields["account_sid"], fields["auth_token"]
        return Client(user, password, fields["account_sid"], http_client=self.http)

    def close(self) -> None:
        """End it."""
        assert self.http.session is not None
        self.http.session.close()
        self.simulator.stop()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One simulator for all; its clock only ever moves on."""
    world = World()
    yield world
    world.close()


def send(world: World, label: str = "live", to: str = RECIPIENT, **more: Any) -> Any:
    """Send a message from the account's number or service."""
    fields = world.fields[label]
    if "messaging_service_sid" not in more:
        more.setdefault("from_", fields["inbound_number"])
    return world.client(label).messages.create(to=to, body="smstui test 7", **more)


def test_a_message_is_sent_and_followed_to_its_end(world: World) -> None:
    message = send(world)
    assert (message.status, message.error_code, message.num_segments) == ("queued", None, "1")
    sent = world.now
    assert message.date_created == sent
    world.now += timedelta(seconds=10)
    message = message.fetch()
    assert message.status == "delivered"
    assert message.date_sent == sent + timedelta(seconds=1)
    message.update(body="")
    assert message.fetch().body == ""
    assert message.delete()
    with pytest.raises(TwilioRestException) as gone:
        message.fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)


def test_a_service_sends(world: World) -> None:
    service = world.fields["live"]["message_sid"]
    message = send(world, messaging_service_sid=service)
    assert (message.status, message.from_) == ("accepted", None)
    world.now += timedelta(seconds=10)
    assert message.fetch().from_ == "+12025550142"


def test_a_failure_is_told_by_the_status(world: World) -> None:
    message = send(world, to="+393450030003")
    world.now += timedelta(seconds=10)
    message = message.fetch()
    assert (message.status, message.error_code) == ("undelivered", 30003)


def test_messages_are_listed_over_several_pages(world: World) -> None:
    world.now += timedelta(days=2)
    sids = [send(world, to="+12025550111").sid for _number in range(5)]
    send(world, to="+393451234567")
    messages = world.client().messages
    today = world.now.date()
    seen = messages.list(to="+12025550111", date_sent=today, page_size=2)
    assert [message.sid for message in seen] == sids[::-1]
    assert len(messages.list(limit=3)) == 3
    assert messages.list(to="+12025550111", date_sent=today - timedelta(days=1)) == []
    assert messages.list(date_sent_after=world.now + timedelta(seconds=1)) == []
    assert len(messages.list(date_sent_after=world.now - timedelta(days=1))) == 6


def test_the_account_its_balance_and_its_numbers(world: World) -> None:
    client = world.client()
    account = client.api.accounts(client.account_sid).fetch()
    assert (account.status, account.type) == ("active", "Full")
    assert client.balance.fetch().currency == "USD"
    [number] = client.incoming_phone_numbers.list(phone_number="+12025550142")
    assert number.capabilities["sms"] is True
    sub = client.api.accounts(world.fields["subaccount"]["account_sid"]).fetch()
    assert sub.owner_account_sid == account.sid


def test_a_service_and_its_senders(world: World) -> None:
    service = world.client().messaging.v1.services(world.fields["live"]["message_sid"])
    record = service.fetch()
    assert (record.friendly_name, record.validity_period) == ("Acme alerts", 36000)
    assert record.date_created == START
    assert [n.phone_number for n in service.phone_numbers.list()] == ["+12025550142"]
    assert [n.short_code for n in service.short_codes.list()] == ["72345"]
    assert [n.alpha_sender for n in service.alpha_senders.list()] == ["ACME"]
    assert service.channel_senders.list() == []
    rcs = world.client().messaging.v1.services(world.fields["live, RCS"]["message_sid"])
    assert [n.sender for n in rcs.channel_senders.list()] == ["rcs:demo_brand_agent"]
    assert len(world.client().messaging.v1.services.list()) == 5


def test_rcs_senders(world: World) -> None:
    senders = world.client().messaging.v2.channels_senders
    online, review = senders.list(channel="rcs")
    assert (online.status, review.status) == ("ONLINE", "TWILIO_REVIEW")
    fetched = senders(online.sid).fetch()
    assert fetched.sender_id == "rcs:demo_brand_agent"
    with pytest.raises(TwilioServiceException) as refused:
        senders("XE" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (404, 20404)


def test_a_new_rcs_sender_joins_a_new_service(world: World) -> None:
    client = world.client("live, RCS new")
    senders = client.messaging.v2.channels_senders
    made = senders.create(
        messaging_v2_channels_sender_requests_create=(
            ChannelsSenderList.MessagingV2ChannelsSenderRequestsCreate(
                {
                    "sender_id": "rcs:acme_agent",
                    "profile": ChannelsSenderList.MessagingV2ChannelsSenderProfile(
                        {"name": "Acme"}
                    ),
                    "webhook": ChannelsSenderList.MessagingV2ChannelsSenderWebhook({}),
                }
            )
        )
    )
    assert made.status == "CREATING"
    world.now += timedelta(seconds=60)
    record = made.fetch()
    assert (record.status, record.profile["name"]) == ("ONLINE", "Acme")
    service = client.messaging.v1.services.create(friendly_name="Acme RCS")
    assert service.channel_senders.create(sid=made.sid).sender == "rcs:acme_agent"
    [number] = client.incoming_phone_numbers.list()
    assert service.phone_numbers.create(phone_number_sid=number.sid).service_sid == service.sid
    with pytest.raises(TwilioServiceException) as refused:
        world.client().messaging.v2.channels_senders(made.sid).fetch()
    assert refused.value.code == 20404


def test_lookup(world: World) -> None:
    record = world.client().lookups.v2.phone_numbers("+393451234567").fetch()
    assert (record.valid, record.country_code) == (True, "IT")


@pytest.mark.parametrize(
    ("label", "to", "status", "code"),
    [
        ("live", "12025550100", 400, 21211),
        ("live", "+393450021610", 400, 21610),
        ("live", "+393450020500", 500, 20500),
        ("trial", RECIPIENT, 400, 21608),
        ("suspended", RECIPIENT, 403, 20005),
        ("read-only key", RECIPIENT, 403, 70051),
        ("throttled", RECIPIENT, 429, 20429),
        ("gateway", RECIPIENT, 502, 502),
    ],
)
def test_refusals_are_what_the_sdk_raises(
    world: World, label: str, to: str, status: int, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(world, label, to)
    assert (refused.value.status, refused.value.code) == (status, code)


def test_a_standard_key_is_good_for_messages_and_not_for_the_account(world: World) -> None:
    client = world.client("standard key")
    assert len(client.messages.list(limit=1)) <= 1
    with pytest.raises(TwilioRestException) as refused:
        client.api.accounts(client.account_sid).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)


@pytest.mark.parametrize("path", ["/status?conn=7", "/status#rc=2&rp=ct,rt", "/"])
def test_the_sdk_accepts_the_signature_of_a_callback(
    world: World, receiver: Receiver, path: str
) -> None:
    url = receiver.url + path
    send(world, to="+393450030003", status_callback=url)
    send(
        world,
        "live, RCS",
        messaging_service_sid=world.fields["live, RCS"]["message_sid"],
        status_callback=url,
    )
    world.now += timedelta(seconds=60)
    validator = RequestValidator(world.fields["live"]["auth_token"])
    stranger = RequestValidator(world.fields["trial"]["auth_token"])
    public = url.partition("#")[0]
    for _number in range(6):
        got = receiver.next()
        signature = got.headers["X-Twilio-Signature"]
        assert validator.validate(public, got.parameters, signature)
        assert not validator.validate(public, got.parameters | {"To": "+1"}, signature)
        assert not stranger.validate(public, got.parameters, signature)
