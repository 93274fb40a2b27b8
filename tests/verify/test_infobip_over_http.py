"""Infobip against the simulator over real HTTP, as a person would run it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from pydantic import SecretStr

from smstui.providers.base import Result
from smstui.providers.custom import CustomProvider
from smstui.providers.fields import Value
from smstui.providers.infobip import InfobipProvider
from smstui.providers.presets import PRESETS
from smstui.simulator.infobip import InfobipVendor
from smstui.simulator.infobip.products import REPORT_CALLS
from smstui.verify import Depth, Verification, default_message, new_client, verify
from tests.verify.place import Place

TO = "+385990000100"
PASSED, WARNED, FAILED, PENDING = Result.PASSED, Result.WARNED, Result.FAILED, Result.PENDING


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """One simulator for all; its clock only ever moves on."""
    place = Place([InfobipVendor], [InfobipProvider()])
    with place.simulator:
        yield place


def test_every_login_fits_its_form(place: Place) -> None:
    for info in place.simulator.accounts:
        draft = place.draft(info.vendor, info.label)
        assert place.providers[info.vendor].check(draft) == []


@pytest.mark.parametrize(
    ("label", "result", "word"),
    [
        ("live", PASSED, "key accepted"),
        ("live, by name", PASSED, "key accepted"),
        ("send-only key", WARNED, "key limited"),
        ("read-only key", PASSED, "key accepted"),
        ("expired key", FAILED, "key refused"),
        ("IP-locked key", FAILED, "key refused"),
        ("trial", PASSED, "key accepted"),
        ("no credit", WARNED, "no credit"),
        ("throttled", FAILED, "throttled"),
        ("fault", FAILED, "Infobip fault"),
        ("maintenance", FAILED, "provider down"),
        ("gateway", FAILED, "provider down"),
    ],
)
async def test_probes(place: Place, label: str, result: Result, word: str) -> None:
    verification = await place.run("Infobip", label, Depth.PROBE, TO)
    assert (verification.result, verification.word) == (result, word)


@pytest.mark.parametrize(
    ("label", "to", "result", "word"),
    [
        ("live", TO, PASSED, "delivered"),
        ("live, by name", TO, PASSED, "delivered"),
        ("send-only key", TO, PENDING, "accepted"),
        ("read-only key", TO, FAILED, "scope missing"),
        ("trial", TO, FAILED, "trial account"),
        ("trial", "+385990000199", PASSED, "delivered"),
        ("no credit", TO, FAILED, "no credit"),
        ("live", "+385990050011", FAILED, "sender refused"),
        ("live", "+385990050008", FAILED, "wrong prefix"),
        ("live", "+385990060019", FAILED, "no route"),
        ("live", "+385990020027", FAILED, "unreachable"),
        ("live", "+385990020603", FAILED, "opted out"),
        ("live", "+385990040101", FAILED, "expired"),
        ("live", "+385990030002", WARNED, "with operator"),
        ("live", "+385990000999", PENDING, "sent"),
        ("live", "+385990020429", FAILED, "throttled"),
        ("live", "+385990020500", FAILED, "Infobip fault"),
        ("live", "+385990000301", FAILED, "redirected"),
        ("live", "+385990000204", FAILED, "broken answer"),
        ("live", "+385990000413", FAILED, "broken answer"),
    ],
)
async def test_sends(place: Place, label: str, to: str, result: Result, word: str) -> None:
    await place.sleep(3600)  # The flooding filter looks back an hour.
    verification = await place.run("Infobip", label, Depth.SEND, to)
    assert (verification.result, verification.word) == (result, word)


async def test_a_broken_line_says_where_to_look_before_sending_again(place: Place) -> None:
    verification = await place.run("Infobip", "live", Depth.SEND, "+385990000444")
    accept = verification.stages[3]
    assert accept.result is FAILED
    assert "It may have been sent. Look it up before sending again." in accept.hint
    assert "In the logs of the Infobip portal" in accept.hint


async def test_a_key_pasted_with_its_prefix_works(place: Place) -> None:
    spec = InfobipProvider.model.specs()["api_key"]
    pasted = spec.tidy(f"App App {place.fields('Infobip', 'live')['api_key']} ")
    assert pasted.said == "The word App before it was removed."
    verification = await place.run(
        "Infobip", "live", Depth.PROBE, TO, api_key=SecretStr(pasted.value)
    )
    assert verification.ok


async def test_the_default_text_passes_the_flooding_filter_and_a_fixed_one_does_not(
    place: Place,
) -> None:
    to = "+385990000777"
    words = [
        (await place.run("Infobip", "live", Depth.SEND, to, default_message(n))).word
        for n in range(1, 9)
    ]
    assert words == ["delivered"] * 8
    await place.sleep(3600)
    words = [
        (await place.run("Infobip", "live", Depth.SEND, to, "always the same")).word
        for _n in range(7)
    ]
    assert words == ["delivered"] * 6 + ["flooding filter"]


async def test_an_id_that_was_used_is_refused(place: Place) -> None:
    twice = Place([], [InfobipProvider(lambda: "once")])
    twice.simulator = place.simulator  # Its clock stands still meanwhile.
    first = await twice.run("Infobip", "live", Depth.SEND, "+385990000778")
    second = await twice.run("Infobip", "live", Depth.SEND, "+385990000778")
    assert (first.word, second.word) == ("accepted", "id used before")


async def test_rcs_goes_by_the_preset_of_vendor_custom(place: Place) -> None:
    provider = CustomProvider()
    preset = next(preset for preset in PRESETS if preset.name == "Infobip RCS")
    url = place.simulator.url
    draft: dict[str, Value] = {
        "name": "rcs",
        "provider_appid": "x",
        **preset.draft(),
        "provider_url": str(preset.fills["provider_url"]).replace("https://<Base URL>", url),
        "api_token": SecretStr(place.fields("Infobip", "live")["api_key"]),
        "sender_number": "DemoSender",
    }
    credential = provider.build(draft)
    words = []
    for to in (TO, "+385990050018"):
        verification = Verification(provider, credential, depth=Depth.SEND, to=to, text="x")
        async with new_client() as client:
            async for event in verify(
                provider, credential, depth=Depth.SEND, to=to, text="x", client=client
            ):
                verification.add(event)
        words.append((verification.word, bool(verification.message_id)))
    assert words == [("accepted", True), ("refused", True)]


def test_no_read_once_call_was_made(place: Place) -> None:
    assert httpx.get(place.simulator.url + REPORT_CALLS).json() == {}
