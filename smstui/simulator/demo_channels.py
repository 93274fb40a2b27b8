"""The channel configurations of the demo: active, failed, draft, deactivated, and a failed change.

As with the other records their past is not invented: their checks really ran on the simulator.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from smstui.channels import runs
from smstui.channels.running import carry_out
from smstui.channels.stored import create, stored_draft
from smstui.providers.fields import Value
from smstui.simulator.demo_rcs import Happening, Scene
from smstui.simulator.demo_webhooks import INFOBIP_NUMBER, SINCH_NUMBER, TWILIO_NUMBER
from smstui.store import Store
from smstui.store.channel_records import ChannelRecord

T = TypeVar("T")

MARKETING, SERVICE, RCS = "Acme_Marketing_SMS", "Acme_Service_SMS", "Acme_Retail_RCS"
FAILED, DRAFT, OLD = "Acme_Milan_SMS", "Spring_Sale_MMS", "Newsletter_2025"

_Do = Callable[[Scene], Awaitable[None]]


def _makes(name: str, *, submits: bool = True, **fields: Value) -> _Do:
    """Return what makes a configuration, and has it checked."""

    async def do(scene: Scene) -> None:
        record = create(scene.store, {"name": name, **fields})
        if submits:
            await _check(scene, runs.begin(scene.store, record))

    return do


def _changes(name: str, **fields: Value) -> _Do:
    """Return what asks for a change to an active configuration."""

    async def do(scene: Scene) -> None:
        record = scene.store.channels.by_name(name)
        wanted = {**stored_draft(record), **fields}
        await _check(scene, runs.begin_update(scene.store, record, wanted))

    return do


async def _deactivates(scene: Scene) -> None:
    record = scene.store.channels.by_name(OLD)
    scene.store.channels.deactivate(record.id, revision=record.revision)


async def _check(scene: Scene, begun: ChannelRecord) -> None:
    async def call(function: Callable[[Store], T]) -> T:
        return function(scene.store)

    steps = carry_out(call, begun, client=scene.client, monotonic=scene.clock.monotonic)
    async for _checks in steps:
        pass


HAPPENINGS = (
    Happening(timedelta(days=9.5), "ada", _makes(
        OLD, description="The weekly newsletter, until the move to Twilio", channel="SMS",
        sms_type="Marketing", mobile_configuration="sinch-main", sender_number=SINCH_NUMBER,
        countries="US", tags="newsletter")),
    Happening(timedelta(days=8.5), "grace", _makes(
        RCS, description="Offers with pictures, SMS where RCS does not reach", channel="RCS",
        sms_type="Marketing", mobile_configuration="sinch-rcs", sender_number=SINCH_NUMBER,
        countries="IT, US", tags="retail")),
    Happening(timedelta(days=7.5), "grace", _makes(
        SERVICE, description="Orders, parcels, codes", channel="SMS", sms_type="Transactional",
        mobile_configuration="infobip-main", sender_number=INFOBIP_NUMBER, countries="HR, IT",
        tags="service")),
    Happening(timedelta(days=6.5), "ada", _makes(
        MARKETING, description="Offers to who agreed", channel="SMS", sms_type="Marketing",
        mobile_configuration="twilio-main", sender_number=TWILIO_NUMBER, countries="US",
        subdomain="links.acme.example.com", tags="retail, spring")),
    Happening(timedelta(days=6), "linus", _makes(
        FAILED, description="The shop in Milan", channel="SMS", sms_type="Marketing",
        mobile_configuration="twilio-milan", sender_number=TWILIO_NUMBER, countries="IT")),
    Happening(timedelta(days=5.5), "ada", _deactivates),
    Happening(timedelta(days=4.5), "linus", _changes(MARKETING, sender_number="+12025550152")),
    Happening(timedelta(days=1.2), "grace", _makes(
        DRAFT, submits=False, channel="MMS", sms_type="Marketing", mobile_configuration="sinch-mms",
        tags="spring")),
)  # fmt: skip
