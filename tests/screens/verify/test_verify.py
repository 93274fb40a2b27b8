"""The verify screen by keyboard: what runs, what is kept, and what Escape does."""

from __future__ import annotations

import httpx
import pytest
from pydantic import SecretStr
from textual.widgets import Input

from screens.confirm import ConfirmDialog
from screens.verify import VerifyScreen
from smstui.store import Store
from tests.screens.verify.kit import (
    TO,
    TOKEN,
    UNANSWERED,
    Time,
    VerifyApp,
    everything,
    focus_of,
    idle,
    kept,
    opened,
    reopen,
    run_with,
    shown,
    text,
    until,
    until_kept,
    unwanted,
)


async def test_enter_goes_from_field_to_field_and_sends_only_on_the_button(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await pilot.press(*"+39 333 1234567")
        walked = [focus_of(pilot)]
        for _step in range(3):
            await pilot.press("enter")
            walked.append(focus_of(pilot))
        assert walked == ["number-input", "message-input", "DepthChoice", "verify-button"]
        assert "+39 333 123 4567" in text(pilot)
        assert "Italy, mobile" in text(pilot)
        assert "to +39 333 123 4567, 1 part" in text(pilot)
        assert not await kept(pilot)
        await pilot.press("enter")
        await shown(pilot, "✓ deliver       delivered")
        await idle(pilot)
        assert [run.word for run in await kept(pilot)] == ["delivered"]


async def test_enter_pressed_twice_on_the_button_sends_once(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        pilot.app.screen.query_one("#number-input", Input).value = TO
        pilot.app.screen.query_one("#verify-button").focus()
        await pilot.press("enter", "enter", "enter")
        await shown(pilot, "✓ deliver       delivered")
        await pilot.press("enter")
        await idle(pilot)
        assert len(await kept(pilot)) == 1


async def test_f5_verifies_again_and_offers_another_text(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "smstui test 2")
        await pilot.press("f5")
        await shown(pilot, "smstui test 3")
        assert [run.to for run in await kept(pilot)] == [TO, TO]


async def test_a_text_of_ones_own_stays(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await pilot.press("tab", "end", *" y12[]")
        await run_with(pilot, TO)
        await shown(pilot, "✓ deliver       delivered")
        await idle(pilot)
        assert "smstui test 1 y12[]" in text(pilot)


@pytest.mark.parametrize(
    ("account", "fields", "number", "told"),
    [
        ("live", {"auth_token": TOKEN}, TO, ("✗ authenticate", "token refused", "20003", "RQ")),
        ("trial", {}, TO, ("✗ accept        refused (21608)", "Verify the number", "21608")),
        ("suspended", {}, TO, ("suspended", "– accept        not tried")),
        ("gateway", {}, TO, ("✗ authenticate", "– accept        not tried")),
        ("live", {}, "+12025530006", ("✗ deliver", "30006", "Message id")),
    ],
)
async def test_a_failure_says_cause_next_step_and_the_raw_code(
    verify_app: VerifyApp,
    passing: Time,
    account: str,
    fields: dict[str, str],
    number: str,
    told: tuple[str, ...],
) -> None:
    app = verify_app(account, fields=fields)
    async with app.run_test(size=(100, 50)) as pilot:
        await opened(pilot, passing)
        await run_with(pilot, number)
        await until(pilot, lambda: all(part in text(pilot) for part in told))
        await idle(pilot)
        assert [run.result for run in await kept(pilot)] == ["failed"]
        assert TOKEN not in everything(pilot)


async def test_a_send_that_is_not_answered_may_have_gone_out(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app(timeout=0.5)
    async with app.run_test(size=(100, 50)) as pilot:
        await opened(pilot, passing)
        await run_with(pilot, UNANSWERED)
        await shown(pilot, "It may have been sent. Look it up before sending again.")
        await idle(pilot)
        assert "✗ accept" in text(pilot)


async def test_check_needs_no_network_and_no_number(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    app.context.http_client = lambda: httpx.AsyncClient(transport=httpx.MockTransport(unwanted))
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await pilot.press("tab", "tab", "c", "enter", "enter")
        await shown(pilot, "✓ shape         fields fit Twilio's rules")
        assert "– connect       not asked" in text(pilot)
        await idle(pilot)
        assert [run.depth for run in await kept(pilot)] == ["check"]


async def test_probe_sends_nothing(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        await pilot.press("tab", "tab", "left")
        assert "▌probe▐" in text(pilot)
        assert "no message is sent" in text(pilot)
        await pilot.press("ctrl+s")
        await shown(pilot, "✓ authenticate")
        await idle(pilot)
        assert "– accept        not asked" in text(pilot)
        assert screen._run is not None
        methods = {exchange.request.method for exchange in screen._run.verification.exchanges}
        assert methods == {"GET"}


@pytest.mark.parametrize(
    ("number", "message", "said", "focus"),
    [
        ("", "hello", "✗ The number is missing.", "number-input"),
        ("3331234567", "hello", "✗ The country code is missing.", "number-input"),
        (TO, "", "✗ The message is missing.", "message-input"),
        (TO, "x" * 1601, "✗ At most 1600 characters; this has 1601.", "message-input"),
    ],
)
async def test_what_is_wrong_is_told_under_its_field_and_nothing_runs(
    verify_app: VerifyApp, passing: Time, number: str, message: str, said: str, focus: str
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        screen.query_one("#message-input", Input).value = message
        await pilot.press("tab", "tab")
        await run_with(pilot, number)
        assert said in text(pilot)
        assert focus_of(pilot) == focus
        assert screen._run is None


async def test_an_issue_goes_away_as_soon_as_it_is_mended(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await pilot.press(*"+3933312345ab", "tab")
        assert "A number has digits only; this has a." in text(pilot)
        await pilot.press("shift+tab", "end", "backspace", "backspace")
        assert "digits only" not in text(pilot)


async def test_the_character_that_costs_parts_is_named(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await pilot.press("tab", "end", "ş")
        assert "14 of 70 · 1 part, UCS-2" in text(pilot)
        assert "! “ş” (LATIN SMALL LETTER S WITH CEDILLA) forces UCS-2" in text(pilot)
        await pilot.press("backspace")
        assert "13 of 160 · 1 part, GSM-7" in text(pilot)
        assert "CEDILLA" not in text(pilot)


async def test_escape_stops_a_probe_and_keeps_what_was_known_before(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app("slow")
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        await run_with(pilot, "", depth="probe")
        await shown(pilot, "… authenticate")
        assert "Esc Stop" in text(pilot)
        await pilot.press("escape")
        await shown(pilot, "The run was stopped here.")
        await idle(pilot)
        assert app.screen is screen
        assert not await kept(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)


async def test_the_message_id_is_kept_before_delivery_is_waited_for(
    verify_app: VerifyApp, passing: Time
) -> None:
    passing.may_pass.clear()
    app = verify_app()
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "… deliver       accepted; asking again in 1 s")
        [run] = await until_kept(pilot)
        assert run.message_id.startswith("SM")
        assert run.word == "accepted"
        passing.may_pass.set()
        await shown(pilot, "✓ deliver       delivered")
        await idle(pilot)
        [again] = await kept(pilot)
        assert (again.id, again.word, again.message_id) == (run.id, "delivered", run.message_id)


async def test_closing_while_delivery_is_waited_for_keeps_what_is_known(
    verify_app: VerifyApp, passing: Time
) -> None:
    passing.may_pass.clear()
    app = verify_app()
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "… deliver")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        await idle(pilot)
        [run] = await kept(pilot)
        assert (run.result, run.word) == ("pending", "accepted")


async def test_a_message_on_its_way_cannot_be_taken_back(
    verify_app: VerifyApp, passing: Time
) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        await run_with(pilot, UNANSWERED)
        await shown(pilot, "… accept        sending to +12025500504")
        await pilot.press("escape")
        await shown(pilot, "It cannot be taken back.")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        assert "… accept" in text(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: screen not in app.screen_stack)
        await idle(pilot)
        [run] = await kept(pilot)
        assert (run.result, run.word, run.to) == ("pending", "maybe sent", UNANSWERED)


async def test_a_second_run_is_refused_while_one_goes_on(
    verify_app: VerifyApp, passing: Time
) -> None:
    passing.may_pass.clear()
    app = verify_app()
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "… deliver")
        await pilot.press("f5")
        await shown(pilot, "A run goes on. Esc ends it.")
        passing.may_pass.set()
        await shown(pilot, "✓ deliver")
        await idle(pilot)
        assert len(await kept(pilot)) == 1


async def test_the_last_number_is_offered(verify_app: VerifyApp, passing: Time) -> None:
    app = verify_app()
    async with app.run_test() as pilot:
        screen = await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "✓ deliver       delivered")
        await idle(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)
        await opened(pilot, passing)
        assert "+39 333 123 4567" in text(pilot)
        assert "smstui test 2" in text(pilot)


async def test_a_credential_that_is_gone_is_told(verify_app: VerifyApp, passing: Time) -> None:
    def delete(store: Store) -> None:
        store.credentials.delete(1)

    app = verify_app(fill=delete)
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        await idle(pilot)
        first = text(pilot)
        assert "✗" in first
        await run_with(pilot, TO, depth="probe")
        await idle(pilot)
        assert text(pilot).count("✗") == 1
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, VerifyScreen))


async def test_a_credential_that_no_longer_fits_is_told(
    verify_app: VerifyApp, passing: Time
) -> None:
    def spoil(store: Store) -> None:
        record = store.credentials.get(1)
        store.credentials.update(
            1,
            revision=record.revision,
            name=record.name,
            fields={**record.fields, "account_sid": "SM1"},
            secrets=record.secrets,
        )

    app = verify_app(fill=spoil)
    async with app.run_test() as pilot:
        await opened(pilot, passing)
        assert "Some fields need attention" in text(pilot)


async def test_a_run_is_kept_later_when_the_store_was_closed_meanwhile(
    verify_app: VerifyApp, passing: Time, passphrase: SecretStr
) -> None:
    passing.may_pass.clear()
    app = verify_app()
    async with app.run_test(notifications=True) as pilot:
        screen = await opened(pilot, passing)
        await run_with(pilot, TO)
        await shown(pilot, "… deliver")
        await until_kept(pilot)
        await app.context.session.close()
        passing.may_pass.set()
        await shown(pilot, "This run is not kept yet.")
        await reopen(app, passphrase)
        await app.push_screen(ConfirmDialog("?", confirm="Yes"))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await idle(pilot)
        assert [run.word for run in await kept(pilot)] == ["delivered"]
