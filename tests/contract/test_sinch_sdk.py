"""Sinch's own SDK drives the simulator, and accepts what the simulator calls back with."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from smstui.providers.sinch_fields import key_pair
from smstui.simulator.server import Simulator
from smstui.simulator.sinch import SinchVendor
from tests.receiver import Receiver

with warnings.catch_warnings():
    # One of its texts has an invalid escape, which Python mentions when it compiles the file.
    warnings.simplefilter("ignore", DeprecationWarning)
    from sinch import SinchClient  # type: ignore[import-untyped] # It has no type hints.
    from sinch.core.exceptions import SinchException  # type: ignore[import-untyped] # The same.
    from sinch.domains.authentication.sinch_events.v1 import (  # type: ignore[import-untyped] # The same.
        authentication_validation,
    )


TO = "+12065550123"


class World:
    """A simulator, its clock, and the SDK's client for each of its accounts."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
        self.simulator = Simulator(clock=lambda: self.now, makers=[SinchVendor])
        self.simulator.start()
        self.fields = {(i.vendor, i.label): i.fields for i in self.simulator.accounts}
        self._clients: list[SinchClient] = []

    def sms(self, label: str = "live") -> SinchClient:
        """Return a client that logs in with a plan's token."""
        fields = self.fields["Sinch", label]
        return self._client(service_plan_id=fields["service_id"], sms_api_token=fields["api_token"])

    def conversation(self, label: str = "live", vendor: str = "Sinch RCS") -> SinchClient:
        """Return a client that logs in with an access key, by OAuth."""
        fields = self.fields[vendor, label]
        pair = key_pair(fields["api_token"])
        assert pair is not None
        return self._client(project_id=fields["project_id"], key_id=pair[0], key_secret=pair[1])

    def app_id(self, label: str = "live") -> str:
        """Return the app of an account."""
        return self.fields["Sinch RCS", label]["app_id"]

    def close(self) -> None:
        """End it."""
        for client in self._clients:
            client.configuration.transport.http_session.close()
        self.simulator.stop()

    def _client(self, **login: str) -> SinchClient:
        client = SinchClient(**login, sms_region="us", conversation_region="us")
        settings = client.configuration
        settings.auth_origin = self.simulator.url
        settings.conversation_domain = self.simulator.url
        settings.sms_domain_with_service_plan_id = self.simulator.url
        settings.retry_configuration.max_retries = 0
        self._clients.append(client)
        return client


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One simulator for all; its clock only ever moves on."""
    world = World()
    yield world
    world.close()


def send_sms(world: World, label: str = "live", to: str = TO, **more: Any) -> Any:
    """Send an SMS from the plan's number."""
    return world.sms(label).sms.batches.send_sms(
        to=[to], from_="+12025550142", body="smstui test 7", **more
    )


def test_an_sms_is_sent_and_followed_to_its_end(world: World) -> None:
    batch = send_sms(world, client_reference="verify-1", delivery_report="per_recipient")
    assert (batch.to, batch.canceled, batch.client_reference) == ([TO[1:]], False, "verify-1")
    assert batch.created_at == world.now
    reports = world.sms().sms.delivery_reports
    assert reports.get_for_number(batch.id, TO).status == "Queued"
    world.now += timedelta(seconds=10)
    report = reports.get_for_number(batch.id, TO)
    assert (report.status, report.code, report.recipient) == ("Delivered", 0, TO[1:])
    whole = reports.get(batch.id, report_type="full")
    assert whole.total_message_count == 1
    assert [(s.status, s.count, s.recipients) for s in whole.statuses] == [
        ("Delivered", 1, [TO[1:]])
    ]


def test_a_failure_is_told_by_the_report(world: World) -> None:
    batch = send_sms(world, to="+12065500402")
    world.now += timedelta(seconds=10)
    report = world.sms().sms.delivery_reports.get_for_number(batch.id, "+12065500402")
    assert (report.status, report.code) == ("Aborted", 402)


def test_batches_are_counted_listed_and_cancelled(world: World) -> None:
    batches = world.sms().sms.batches
    counted = batches.dry_run_sms(to=[TO], from_="+12025550142", body="x" * 161)
    assert (counted.number_of_recipients, counted.number_of_messages) == (1, 2)
    ids = [send_sms(world, client_reference="listed").id for _number in range(3)]
    listed = batches.list(client_reference="listed", page_size=2)
    assert [batch.id for batch in listed.iterator()] == ids[::-1]
    assert batches.get(ids[0]).canceled is False
    assert batches.cancel(ids[0]).canceled is True


@pytest.mark.parametrize(
    ("label", "to", "status"),
    [
        ("wrong token", TO, 401),
        ("other region", TO, 401),
        ("throttled", TO, 429),
        ("fault", TO, 500),
        ("live", "Acme", 400),
        ("live", "+12065520503", 503),
    ],
)
def test_refusals_of_the_sms_api_are_what_the_sdk_raises(
    world: World, label: str, to: str, status: int
) -> None:
    with pytest.raises(SinchException) as refused:
        send_sms(world, label, to)
    assert refused.value.http_response.status_code == status


def test_a_report_without_an_address_is_refused_with_its_code(world: World) -> None:
    with pytest.raises(SinchException) as refused:
        send_sms(world, "no callback URL", delivery_report="full")
    assert refused.value.http_response.body["code"] == "missing_callback_url"


def send_text(world: World, label: str = "live", to: str = TO, **more: Any) -> Any:
    """Send a text by RCS, else by SMS."""
    return world.conversation(label).conversation.messages.send_text_message(
        app_id=world.app_id(label),
        text="smstui test 7",
        recipient_identities=[
            {"channel": "RCS", "identity": to},
            {"channel": "SMS", "identity": to},
        ],
        channel_priority_order=["RCS", "SMS"],
        **more,
    )


def test_a_message_is_accepted_and_found_only_where_it_is_kept(world: World) -> None:
    accepted = send_text(world, processing_strategy="DISPATCH_ONLY")
    assert accepted.accepted_time == world.now
    source = {"messages_source": "DISPATCH_SOURCE"}
    with pytest.raises(SinchException) as refused:
        world.conversation().conversation.messages.get(accepted.message_id, **source)
    assert refused.value.http_response.status_code == 404
    kept = send_text(world, "keeps messages", "+12065500036")
    world.now += timedelta(seconds=60)
    messages = world.conversation("keeps messages").conversation.messages
    found = messages.get(kept.message_id, **source)
    assert (found.id, found.channel_identity.channel) == (kept.message_id, "SMS")
    assert found.app_message.text_message.text == "smstui test 7"


def test_an_mms_is_accepted(world: World) -> None:
    accepted = world.conversation().conversation.messages.send_media_message(
        app_id=world.app_id(),
        media_message={"url": "https://cdn.example.net/a.jpg"},
        recipient_identities=[{"channel": "MMS", "identity": TO}],
        channel_properties={"MMS_SENDER": "+12025550143"},
    )
    assert len(accepted.message_id) == 26


def test_the_app_tells_the_state_of_its_channels(world: World) -> None:
    app = world.conversation().conversation.apps.get(world.app_id("channel pending"))
    credentials = app.channel_credentials
    assert credentials.rcs.state.status == "PENDING"
    assert credentials.sms.state.status == "ACTIVE"
    assert credentials.mms.account_id == "acme-mms"
    assert app.dispatch_retention_policy.ttl_days == 0
    names = [a.display_name for a in world.conversation().conversation.apps.list().iterator()]
    assert "Acme Retail" in names


def test_an_app_s_channels_are_replaced(world: World) -> None:
    label = "live, RCS new"
    apps, app_id = world.conversation(label).conversation.apps, world.app_id(label)
    bearer = {"claimed_identity": "nobody", "token": "x"}
    app = apps.update(app_id, channel_credentials={"RCS": bearer})
    assert app.channel_credentials.rcs.state.status == "PENDING"
    assert app.channel_credentials.sms is None
    world.now += timedelta(seconds=10)
    assert apps.get(app_id).channel_credentials.rcs.state.status == "FAILING"


@pytest.mark.parametrize(
    ("label", "status"), [("other region", 404), ("no credit", 403), ("no channel", 400)]
)
def test_refusals_of_the_conversation_api_are_what_the_sdk_raises(
    world: World, label: str, status: int
) -> None:
    with pytest.raises(SinchException) as refused:
        send_text(world, label)
    assert refused.value.http_response.status_code == status


def test_a_deleted_key_gets_no_token(world: World) -> None:
    with pytest.raises(SinchException) as refused:
        send_text(world, "deleted key")
    assert refused.value.http_response.status_code == 401


def test_the_sdk_accepts_the_signature_of_a_callback(world: World, receiver: Receiver) -> None:
    is_signed = authentication_validation.validate_sinch_event_signature_with_nonce
    send_text(world, event_destination_target=receiver.url)
    app = world.conversation().conversation.apps.get(world.app_id())
    secret = app.event_destination_settings.secret_for_overridden_target
    world.now += timedelta(seconds=60)
    for status in ("QUEUED_ON_CHANNEL", "DELIVERED", "READ"):
        got = receiver.next()
        body, headers = got.body.decode(), dict(got.headers)
        assert f'"status":"{status}"' in body
        assert is_signed(secret, headers, body)
        assert not is_signed(secret, headers, body + " ")
        assert not is_signed("another", headers, body)
