"""Errands over real HTTP: with the simulated providers, and with servers that do not behave."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.providers.base import InvalidFields, Result
from smstui.providers.fields import text_of
from smstui.rcs import errands, stored
from smstui.rcs.base import Step, TaskState
from smstui.rcs.document import Document
from smstui.rcs.errands import Carried
from tests.rcs.set_ups import setup_of
from tests.rcs.world import PHONE, World
from tests.verify.servers import serve

Handler = Callable[[StreamReader, StreamWriter], Awaitable[None]]


def shown(carried: Carried) -> str:
    """Return everything of an errand that may be seen."""
    exchanges = [dataclasses.asdict(exchange) for exchange in carried.exchanges]
    status = [dataclasses.asdict(line) for line in carried.progress.status or ()]
    return json.dumps(exchanges) + json.dumps(status) + repr(carried)


def secrets_of(document: Document) -> list[str]:
    """Return the secrets of a set-up."""
    return [text_of(v) for v in document.register.values() if isinstance(v, SecretStr)]


@pytest.mark.parametrize(
    ("route", "words", "tasks"),
    [
        (
            "Twilio",
            {"rcs:acme_agent": "ONLINE", "WindTre": "REJECTED", "TIM": "APPROVED"},
            {"sender": TaskState.DONE, "attach": TaskState.DONE, "carriers": TaskState.DONE},
        ),
        (
            "Infobip",
            {"Acme": "READY_FOR_TESTING", PHONE: "APPROVED"},
            {"sender": TaskState.DONE, "test_device": TaskState.DONE, "ready": TaskState.DONE},
        ),
        (
            "Sinch",
            {"Acme Ltd": "IN_TEST", PHONE: "VERIFIED", "channel of the app": "ACTIVE"},
            {"sender": TaskState.DONE, "link": TaskState.DONE, "test_device": TaskState.DONE},
        ),
    ],
)
async def test_a_registration_by_api_is_carried_out_and_kept(
    world: World, route: str, words: dict[str, str], tasks: dict[str, TaskState]
) -> None:
    document = stored.remember(world.store, await world.register(world.begin(route)))
    world.clock.advance(60)
    assert errands.can_ask(document)
    seen: list[Any] = []
    carried = await errands.ask(document, seen=seen.append)
    assert tuple(seen) == carried.exchanges
    assert all(exchange.response for exchange in carried.exchanges)
    assert not [secret for secret in secrets_of(document) if secret in shown(carried)]
    assert "authToken" not in shown(carried) or "•••" in shown(carried)
    document = errands.take_in(document, carried.progress, world.clock())
    document = stored.remember(world.store, document)
    kept = stored.load(world.store, document.id or 0)
    assert kept == document
    assert kept.status is not None
    assert kept.status.at == world.clock()
    assert words.items() <= {line.name: line.word for line in kept.status.lines}.items()
    assert tasks.items() <= {key: note.state for key, note in kept.notes.items()}.items()
    if route != "Infobip":
        assert kept.register["sender_sid" if route == "Twilio" else "sender_id"]


async def test_what_is_learned_by_an_action_is_offered_no_more(world: World) -> None:
    document = world.begin("Twilio")
    keys = [action.key for action in errands.actions_of(document)]
    assert "create_service" in keys
    document = await world.act(document, "create_service", service_name="Acme")
    assert text_of(document.register["messaging_service_sid"]).startswith("MG")
    keys = [action.key for action in errands.actions_of(document)]
    assert "create_service" not in keys
    with pytest.raises(SmstuiError):
        await errands.act(document, "create_service", {"service_name": "Acme"})


async def test_nothing_is_asked_for_what_is_wrong_or_missing(world: World) -> None:
    document = world.begin("Infobip")
    with pytest.raises(InvalidFields) as refused:
        await errands.act(document, "add_test_number", {"test_number": "12"})
    assert [issue.field for issue in refused.value.issues] == ["test_number"]
    empty = stored.create(world.store, "Empty", "Twilio")
    assert not errands.can_ask(empty)
    with pytest.raises(SmstuiError, match="fill in the login"):
        await errands.ask(empty)
    other = world.begin("Other", "Other brand")
    assert (errands.actions_of(other), errands.can_ask(other)) == ([], False)


async def test_a_refusal_leaves_the_set_up_as_it_is(world: World) -> None:
    document = await world.act(world.begin("Infobip"), "create_sender")
    again = await errands.act(document, "create_sender", {})
    assert (again.progress.outcome.result, again.progress.outcome.field) == (
        Result.FAILED,
        "sender_name",
    )
    assert errands.take_in(document, again.progress, world.clock()) == document
    wrong = document.typed(Step.REGISTER, {"api_key": SecretStr("0" * 32 + "-" + "1" * 36)})
    refused = await errands.ask(wrong)
    assert refused.progress.outcome.result is Result.FAILED
    assert refused.progress.status is None


async def drop(reader: StreamReader, writer: StreamWriter) -> None:
    """Read a request and hang up."""
    await reader.readuntil(b"\r\n\r\n")


async def lead_away(reader: StreamReader, writer: StreamWriter) -> None:
    """Answer with a redirect that holds the caller's secret."""
    await reader.readuntil(b"\r\n\r\n")
    head = "HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\nContent-Length: 0\r\n\r\n"
    writer.write(head.encode())
    await writer.drain()


async def babble(reader: StreamReader, writer: StreamWriter) -> None:
    """Answer with what is no JSON, and with control characters and the caller's own header."""
    head = await reader.readuntil(b"\r\n\r\n")
    (line,) = [e for e in head.decode().splitlines() if e.lower().startswith("authorization")]
    body = json.dumps({"error": {"message": f"\x1b[31m{line}", "status": "FAILED"}}).encode()
    writer.write(b"HTTP/1.1 400 Bad\r\nContent-Type: application/json\r\n")
    writer.write(f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()


@pytest.mark.parametrize("route", ["Twilio", "Infobip", "Sinch"])
@pytest.mark.parametrize("handler", [drop, lead_away, babble, None])
async def test_trouble_on_the_way_is_told_in_words(route: str, handler: Handler | None) -> None:
    async with serve(handler or drop) as port:
        host = f"http://127.0.0.1:{port if handler else 1}"
        own = "api_base_url" if route == "Infobip" else "api_host"
        draft = {**setup_of(route).drafts[Step.REGISTER], own: host}
        document = Document("Acme", route).typed(Step.REGISTER, draft)
        asked = await errands.ask(document)
        key = "attach_sender" if route == "Twilio" else "add_test_number"
        acted = await errands.act(document, key, {"test_number": PHONE})
    for carried in (asked, acted):
        outcome = carried.progress.outcome
        assert outcome.result is Result.FAILED
        assert outcome.cause or outcome.summary
        assert (carried.progress.tasks, carried.progress.learned) == ({}, {})
        assert "\\x1b" not in repr(carried)  # as repr writes the character itself
        assert not [secret for secret in secrets_of(document) if secret in shown(carried)]
        assert len(carried.exchanges) == 1
    is_doubtful = handler in (drop, lead_away)
    assert (acted.progress.outcome.word == "maybe done") is is_doubtful
    assert ("Ask for the status" in acted.progress.outcome.next_step) is is_doubtful
    assert asked.progress.outcome.word != "maybe done"


async def test_an_errand_that_is_stopped_closes_its_connection() -> None:
    gone = asyncio.Event()

    async def wait(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        arrived.set()
        await reader.read()
        gone.set()

    arrived = asyncio.Event()
    async with serve(wait) as port:
        setup = setup_of("Infobip", api_base_url=f"http://127.0.0.1:{port}")
        document = Document("Acme", "Infobip").typed(Step.REGISTER, setup.drafts[Step.REGISTER])
        asking = asyncio.create_task(errands.ask(document))
        await asyncio.wait_for(arrived.wait(), 5)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.wait_for(gone.wait(), 5)
