"""Infobip's own SDK drives the simulator. It knows SMS alone; RCS and MMS have no part in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from infobip_api_client import ApiClient, Configuration, SmsApi, models
from infobip_api_client.exceptions import (
    ApiException,
    BadRequestException,
    ForbiddenException,
    ServiceException,
    UnauthorizedException,
)

from smstui.simulator.infobip import InfobipVendor
from smstui.simulator.server import Simulator
from tests.receiver import Receiver

sdk: Any = models
"""The SDK's models; it does not export them in a way that a type checker sees."""

START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TO = "385990000100"


class World:
    """A simulator, its clock, and the SDK's client for each of its keys."""

    def __init__(self) -> None:
        self.now = START
        self.simulator = Simulator(clock=lambda: self.now, makers=[InfobipVendor])
        self.simulator.start()
        self.fields = {info.label: info.fields for info in self.simulator.accounts}

    def sms(self, label: str = "live") -> Any:
        """Return the SMS API for one of the keys."""
        key = self.fields[label]["api_key"]
        return SmsApi(ApiClient(Configuration(host=self.simulator.url, api_key=key)))


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One simulator for all; its clock only ever moves on."""
    world = World()
    yield world
    world.simulator.stop()


@pytest.fixture(autouse=True)
def hour(world: World) -> None:
    """Let an hour pass before each test, for the flooding filter."""
    world.now += timedelta(hours=1)


def send(world: World, label: str = "live", to: str = TO, **more: Any) -> Any:
    """Send a message from the account's name, and return its part of the answer."""
    message = sdk.SmsMessage(
        sender="DemoBrand",
        destinations=[sdk.SmsDestination(to=to, message_id=more.pop("message_id", None))],
        content=sdk.SmsMessageContent(sdk.SmsTextContent(text="smstui test 7")),
        **more,
    )
    answer = world.sms(label).send_sms_messages(sms_request=sdk.SmsRequest(messages=[message]))
    assert answer.bulk_id
    (sent,) = answer.messages
    return sent


def log(world: World, message_id: str) -> Any:
    """Return what the logs hold of a message."""
    answer = world.sms().get_outbound_sms_message_logs(message_id=[message_id])
    (found,) = answer.results
    return found


def test_a_message_is_sent_and_followed_to_its_end(world: World) -> None:
    period = sdk.ValidityPeriod(amount=48, time_unit=sdk.ValidityPeriodTimeUnit.HOURS)
    sent = send(world, options=sdk.SmsMessageOptions(validity_period=period))
    assert (sent.status.group_name, sent.status.name) == ("PENDING", "PENDING_ACCEPTED")
    assert (sent.destination, sent.details.message_count) == (TO, 1)
    begun = world.now
    world.now += timedelta(seconds=10)
    found = log(world, sent.message_id)
    assert (found.status.id, found.error.name, found.error.permanent) == (5, "NO_ERROR", False)
    assert found.sent_at == begun
    assert found.done_at == begun + timedelta(seconds=2.5)
    assert found.content.actual_instance.text == "smstui test 7"
    assert found.price.currency == "EUR"


def test_a_rejection_inside_a_200(world: World) -> None:
    sent = send(world, to="385990050011")
    assert (sent.status.group_id, sent.status.name) == (5, "REJECTED_SOURCE")
    assert sent.status.action
    assert send(world, "trial").status.id == 18
    assert send(world, "no credit").status.id == 12


def test_an_id_is_good_once(world: World) -> None:
    assert send(world, message_id="mine").message_id == "mine"
    assert send(world, message_id="mine").status.name == "REJECTED_DUPLICATE_MESSAGE_ID"


def test_a_failure_is_in_the_logs(world: World) -> None:
    sent = send(world, to="385990020603")
    world.now += timedelta(seconds=10)
    found = log(world, sent.message_id)
    assert found.status.group_name == "UNDELIVERABLE"
    assert (found.error.name, found.error.permanent) == ("EC_CONTENT_BLOCKED", True)


def test_logs_are_filtered(world: World) -> None:
    send(world, to="385990050011")
    send(world)
    logs = world.sms().get_outbound_sms_message_logs
    rejected = logs(general_status=sdk.MessageGeneralStatus.REJECTED, limit=1).results
    assert [entry.status.group_name for entry in rejected] == ["REJECTED"]
    assert logs(destination="385990009999").results == []


def test_reports_are_read_once(world: World) -> None:
    sent = send(world, webhooks=sdk.SmsWebhooks(callback_data="sandbox=dev"))
    world.now += timedelta(seconds=10)
    reports = world.sms().get_outbound_sms_message_delivery_reports
    found = [report for report in reports().results if report.message_id == sent.message_id]
    assert [(report.to, report.callback_data) for report in found] == [(TO, "sandbox=dev")]
    assert reports().results == []
    inbox = world.sms().get_inbound_sms_messages()
    assert (inbox.results[0].text, inbox.message_count) == ("STOP now", 1)
    assert world.sms().get_inbound_sms_messages().results == []


def test_the_preview(world: World) -> None:
    answer = world.sms().preview_sms_message(sdk.SmsPreviewRequest(text="x" * 161))
    (preview,) = answer.previews
    assert (preview.message_count, preview.characters_remaining) == (2, 145)


@pytest.mark.parametrize(
    ("label", "kind", "code"),
    [
        ("expired key", UnauthorizedException, "E401"),
        ("IP-locked key", UnauthorizedException, "E401"),
        ("read-only key", ForbiddenException, "E403"),
        ("throttled", ApiException, "E429"),
        ("fault", ServiceException, "E500"),
    ],
)
def test_refusals_are_what_the_sdk_raises(
    world: World, label: str, kind: type[ApiException], code: str
) -> None:
    with pytest.raises(kind) as refused:
        send(world, label)
    assert json.loads(refused.value.body or "")["errorCode"] == code


def test_both_forms_of_errors_are_what_the_sdk_reads(world: World) -> None:
    with pytest.raises(ForbiddenException) as newer:
        world.sms("send-only key").get_outbound_sms_message_logs()
    assert newer.value.data is not None
    assert newer.value.data.error_code == "E403"
    with pytest.raises(ForbiddenException) as older:
        world.sms("send-only key").preview_sms_message(sdk.SmsPreviewRequest(text="x"))
    assert older.value.data is not None
    assert older.value.data.request_error.service_exception.message_id == "FORBIDDEN"


def test_violations_are_what_the_sdk_reads(world: World) -> None:
    period = sdk.ValidityPeriod(amount=0)
    with pytest.raises(BadRequestException) as refused:
        send(world, options=sdk.SmsMessageOptions(validity_period=period))
    assert refused.value.data is not None
    (violation,) = refused.value.data.violations
    assert violation.var_property == "messages[0].options.validityPeriod.amount"


def test_a_report_that_is_posted_is_what_the_sdk_reads(world: World, receiver: Receiver) -> None:
    delivery = sdk.SmsMessageDeliveryReporting(url=f"{receiver.url}/ib", notify=True)
    sent = send(world, webhooks=sdk.SmsWebhooks(delivery=delivery, callback_data="mine"))
    world.now += timedelta(seconds=10)
    (report,) = sdk.SmsDeliveryResult.from_json(receiver.next().body.decode()).results
    assert (report.message_id, report.callback_data) == (sent.message_id, "mine")
    assert report.status.name == "DELIVERED_TO_HANDSET"
