"""RCS set-ups by keyboard, from an empty store to a read receipt that our own receiver took in."""

from __future__ import annotations

import re
from signal import SIGHUP

import pytest

from smstui.rcs.base import Step
from tests.conftest import MakeStore
from tests.rcs.world import HMAC_SECRET, PHONE
from tests.terminal.rcs_journey import NAME, PROFILE, Journey, free_port
from tests.webhooks.stage import opened


@pytest.mark.parametrize(
    ("route", "is_killed"),
    [
        ("Infobip", False),
        pytest.param("Twilio", False, marks=pytest.mark.prove),
        pytest.param("Sinch", False, marks=pytest.mark.prove),
        pytest.param("Twilio", True, marks=pytest.mark.prove),
        pytest.param("Infobip", True, marks=pytest.mark.prove),
        pytest.param("Sinch", True, marks=pytest.mark.prove),
    ],
)
def test_from_an_empty_store_to_a_read_receipt(
    make_store: MakeStore, route: str, is_killed: bool
) -> None:
    path = make_store()
    with Journey(route, path, is_killed=is_killed) as person:
        provider(person)
        register(person)
        webhook(person)
        credential(person)
        message(person)
        channel(person)
        with opened(path) as store:
            run = store.verifications.history(1)[0]
            reports = [event.event.word for event in store.events.news(run.message_id, 1)]
        assert "read" in reports


def provider(person: Journey) -> None:
    """Step 1: who, and what it is called."""
    app = person.app
    app.wait_for("No RCS set-ups yet")
    app.press("n")
    app.wait_for("New set-up")
    app.press(NAME)
    if person.route != "Twilio":
        person.choose("Provider", person.route)
        app.wait_for(f"● {person.route}")
    app.wait_for(f"{NAME} · {person.route}")
    person.checkpoint(Step.PROVIDER, f"● {person.route}")
    person.app.press("F8")
    person.app.wait_for("▌Profile▐")


def register(person: Journey) -> None:
    """Step 2: login and profile, then what the provider's API and console want."""
    fields = person.account.fields
    first = {"Twilio": "Account SID", "Infobip": "API base URL", "Sinch": "Project ID"}
    person.wait_for_field(first[person.route])
    match person.route:
        case "Twilio":
            person.paste("Account SID", fields["account_sid"])
            person.paste("Auth Token", fields["auth_token"])
            person.paste("Sender ID", "rcs:acme_agent")
            fold_out(person)
            person.paste("API host", fields["api_host"])
        case "Infobip":
            person.paste("API base URL", fields["api_base_url"])
            person.paste("API key", fields["api_key"])
            person.paste("Sender name", "Acme")
        case _:
            person.paste("Project ID", fields["project_id"])
            person.paste("App ID", fields["app_id"])
            person.paste("API Token", fields["api_token"])
            person.paste("Service Plan ID", fields["service_plan_id"])
            person.paste("SMS API Token", fields["sms_api_token"])
            person.choose("Region", "Europe")
            fold_out(person)
            person.paste("API host", fields["api_host"])
    # Lost in the middle of the form: the rest is typed after coming back.
    person.checkpoint(Step.REGISTER, "Checklist")
    if "▌Profile▐" not in person.app.text:
        person.app.press("F4")
        person.app.wait_for("▌Profile▐")
        person.wait_for_field(first[person.route])
    known = {spec.label for spec in person.document().specs(Step.REGISTER).values()}
    for label, value in PROFILE.items():
        if label in known:
            person.paste(label, value)
    if person.route != "Twilio":
        person.choose("Billing category", "by message")
        person.choose("Use case", "several" if person.route == "Sinch" else "transactional")
    if person.route == "Infobip":
        person.choose("Hosting region", "Europe")
    if person.route == "Sinch":
        person.go_to("Countries")
        person.app.press("IT", "Enter")
    person.go_to("Test devices")
    person.app.press(PHONE, "Enter")
    person.app.press("F4")
    person.app.wait_for("▌Checklist▐")
    person.checkpoint(Step.REGISTER, "▌Checklist▐")
    at_the_provider(person)
    person.checkpoint(Step.REGISTER, "✓ done")
    person.app.press("F8")
    person.app.wait_for("● Webhook")


def at_the_provider(person: Journey) -> None:
    """Make the sender, invite the test device, join what belongs together."""
    match person.route:
        case "Twilio":
            person.act("Try to create the sender by API", "CREATING", "y")
            person.act("Create a Messaging Service", "service created", "ctrl+s")
            person.act("Add the sender to the", "sender added", "y")
            person.wait_at_provider(5)
            person.simulator.invite_tester(person.account, sender="rcs:acme_agent", number=PHONE)
        case "Infobip":
            person.act("Create the sender", "Create the sender: ", "y")
            person.wait_at_provider(3)
            person.act("Invite a test device", "Invite a test device: ", "ctrl+s")
        case _:
            person.act("Create the sender", "Create the sender: ", "y")
            person.wait_at_provider(3)
            person.act("Invite a test device", "Invite a test device: ", "ctrl+s")
            person.act("Put the sender on the app", "Put the sender on the app: ", "y")
    person.wait_at_provider(8)
    person.app.press("s")
    person.app.wait_for("Status of")


def fold_out(person: Journey) -> None:
    """Open what is folded in."""
    person.go_to("▸ Advanced")
    person.app.press("Enter")
    person.app.wait_for("▾ Advanced")


def webhook(person: Journey) -> None:
    """Step 3: webhooks whose callers are known, the receiver, the first call."""
    app = person.app
    if person.route == "Sinch":
        person.paste("Secret of the", HMAC_SECRET)
    if person.route == "Infobip":
        for view in ("▌Replies▐", "▌Reports▐"):
            app.wait_for(view)
            person.wait_for_field("Name")
            person.choose("Callers prove", "user and")
            person.paste("User name of the", "acme")
            person.paste("Password of the caller", HMAC_SECRET)
            app.press("F4")
            app.wait_until_gone(view)
    person.checkpoint(Step.WEBHOOK, "Sender Phone Number")
    person.app.press("F8")
    person.app.wait_for("Waiting for the first call")
    person.checkpoint(Step.WEBHOOK, "Waiting for the first call")
    receive(person)
    person.set_webhooks()
    person.subscriber_texts("hello")
    person.app.wait_for("A genuine call came")
    person.app.press("F8")
    person.app.wait_for("● Credential")


def receive(person: Journey) -> None:
    """Switch the receiver on, at a port of its own."""
    app = person.app
    app.press("l")
    app.wait_for("Listen at")
    person.go_to("Port")
    app.press(*["Backspace"] * 5, str(free_port()), "ctrl+s")
    app.wait_for("◉ listening")
    app.wait_until_gone("Listen at")


def credential(person: Journey) -> None:
    """Step 4: as proposed, and bound to the webhooks."""
    person.checkpoint(Step.CREDENTIAL, "● Credential")
    person.app.press("F8")
    person.app.wait_for("● Test")


def message(person: Journey) -> None:
    """Step 5: one message, until it is read."""
    person.checkpoint(Step.TEST, "Nothing was sent yet.")
    if "◉ listening" not in person.app.text:
        person.app.press("ctrl+t")
        person.app.wait_for("Listen at")
        person.app.press("ctrl+s")
        person.app.wait_for("◉ listening")
        person.app.wait_until_gone("Listen at")
    person.app.press("F9")
    person.app.wait_for("It arrived by RCS and was read: the set-up works.")
    assert re.search(r"✓ deliver .*read", person.app.text)
    person.checkpoint(Step.TEST, "✓ read")
    person.app.press("F8")
    person.app.wait_for("● Channel")


def channel(person: Journey) -> None:
    """Step 6, and the summary."""
    person.app.press("ctrl+s")
    person.app.wait_for("Draft  Acme_brand")
    person.checkpoint(Step.CHANNEL, "Draft  Acme_brand")
    person.app.press("F8")
    person.app.wait_for("5 ✓ Test")
    person.checkpoint(Step.DONE, "5 ✓ Test")
    assert "3 ✓ Webhook" in person.app.text
    assert "4 ✓ Credential" in person.app.text
    person.app.press("F10")
    assert person.app.wait_for_end() == 0
    assert person.app.is_restored


def test_a_lost_line_loses_nothing(make_store: MakeStore) -> None:
    with Journey("Twilio", make_store(), is_killed=False) as person:
        person.app.wait_for("No RCS set-ups yet")
        person.app.press("n")
        person.app.wait_for("New set-up")
        person.app.press(NAME)
        person.app.wait_for(f"▌Name      {NAME}")
        # Before the pause after which it would be kept anyway.
        person.app.signal(SIGHUP)
        assert person.app.wait_for_end() == 129
        assert person.document().name == NAME
