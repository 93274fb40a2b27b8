"""Who may call: samples are believed, changed ones are not, and the reason is told."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from smstui.errors import SmstuiError
from smstui.providers.base import Credential
from smstui.providers.registry import provider_for
from smstui.webhooks.base import Call, EventKind, Refused, Webhook, WebhookType
from smstui.webhooks.fields import check, specs_for
from smstui.webhooks.vendors.registry import webhook_vendor, webhook_vendors
from tests.providers.custom_support import draft as custom_draft
from tests.webhooks.vendors.cases import NOW, TOKEN, URL, all_webhooks, form, label, post, webhook

TYPES = (WebhookType.INBOUND, WebhookType.FEEDBACK)


CASES = [(name, hook) for name in webhook_vendors() for hook in all_webhooks(name)]


def refusal(vendor: str, hook: Webhook, call: Call) -> Refused:
    """Return why a call is not believed."""
    with pytest.raises(Refused) as refused:
        webhook_vendor(vendor).authenticate(hook, call)
    assert refused.value.message.endswith(".")
    assert 1 <= len(refused.value.word.split()) <= 3
    return refused.value


def test_vendors_are_offered_in_adobes_order_and_found_in_any_case() -> None:
    names = ["Sinch", "Sinch Conversational", "Infobip", "Custom", "Twilio"]
    assert list(webhook_vendors()) == names
    assert webhook_vendor(" sinch conversational ").vendor == "Sinch Conversational"
    with pytest.raises(SmstuiError, match="There is no vendor Acme"):
        webhook_vendor("Acme")


@pytest.mark.parametrize(("vendor", "hook"), CASES, ids=[f"{n}-{label(h)}" for n, h in CASES])
def test_a_sample_is_believed_and_read_and_a_changed_one_is_not(vendor: str, hook: Webhook) -> None:
    room = webhook_vendor(vendor)
    of_types = TYPES if hook.type is WebhookType.BOTH else (hook.type,)
    for type_ in of_types:
        call = room.sample(hook, URL, type_, NOW)
        room.authenticate(hook, call)
        (reading,) = room.read(hook, call)
        assert reading.kind is EventKind(type_.value.lower())
        assert reading.key
        if type_ is WebhookType.INBOUND:
            assert reading.text == reading.mapped["InboundMessage"] == "STOP"
            assert reading.sender.startswith("+")
        else:
            assert reading.outcome is not None
            assert reading.outcome.word == "delivered"
        later = room.sample(hook, URL, type_, NOW + timedelta(seconds=1))
        assert room.read(hook, later)[0].key != reading.key
        proofs = [i for i, (name, _v) in enumerate(call.headers) if name != "Content-Type"]
        assert bool(proofs) is (hook.text("authentication") != "none")
        for number in proofs[:1]:
            name, value = call.headers[number]
            flipped = value[:-2] + chr(ord(value[-2]) ^ 1) + value[-1]
            changed = list(call.headers)
            changed[number] = (name, flipped)
            refusal(vendor, hook, replace(call, headers=tuple(changed)))
            del changed[number]
            assert refusal(vendor, hook, replace(call, headers=tuple(changed))).status == 401
        if hook.text("authentication") in ("hmac", "sinch", ""):
            body = call.body[:-3] + bytes([call.body[-3] ^ 1]) + call.body[-2:]
            said = refusal(vendor, hook, replace(call, body=body))
            assert said.word == "bad signature"
        for secret in hook.draft.values():
            if isinstance(secret, SecretStr):
                told = room.hand_over(hook, URL)
                assert secret.get_secret_value() not in repr(told)


@pytest.mark.parametrize(("vendor", "hook"), CASES, ids=[f"{n}-{label(h)}" for n, h in CASES])
def test_hand_over_tells_the_url_first_and_what_the_caller_needs(
    vendor: str, hook: Webhook
) -> None:
    told = webhook_vendor(vendor).hand_over(hook, URL)
    assert told.settings[0][1] == URL
    assert len(told.steps) >= 3
    assert all(step.endswith(".") for step in (*told.steps, told.adobe))
    if hook.text("authentication") in ("basic", "header", "bearer", "hmac", "sinch"):
        assert any("set, ends in" in value for _label, value in told.settings)


@pytest.mark.parametrize(("vendor", "hook"), CASES, ids=[f"{n}-{label(h)}" for n, h in CASES])
def test_without_its_secrets_a_webhook_believes_nobody(vendor: str, hook: Webhook) -> None:
    call = webhook_vendor(vendor).sample(hook, URL, TYPES[hook.type == "Feedback"], NOW)
    empty = {n: v for n, v in hook.draft.items() if not isinstance(v, SecretStr)}
    if hook.text("authentication") == "none":
        return
    assert refusal(vendor, replace(hook, draft=empty), call).word in ("no secret", "no token")


@pytest.mark.parametrize("vendor", list(webhook_vendors()))
def test_a_new_form_asks_for_secrets_alone_and_offers_ways_in(vendor: str) -> None:
    room = webhook_vendor(vendor)
    specs = specs_for(room, ["Main"])
    draft = {name: spec.default for name, spec in specs.items()}
    draft |= {"name": "x", "credential": "Main", "sender_phone_number": "+15005550006"}
    asked = {issue.field for issue in check(room, draft, ["Main"]) if issue.severity == "error"}
    wanted = {"Sinch Conversational": {"hmac_secret"}}
    assert asked == wanted.get(vendor, set())
    assert [provider_for(name).vendor for name in room.credential_vendors]


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ("", "no login"),
        ("Bearer x", "no login"),
        ("Basic", "wrong login"),
        ("Basic !!", "wrong login"),
        ("Basic ü", "wrong login"),
        ("Basic YWpvOg==", "wrong login"),
        ("basic " + base64.b64encode("ajo:pässword-1234567890".encode()).decode(), ""),
    ],
)
def test_basic(header: str, word: str) -> None:
    hook = webhook("Infobip", WebhookType.INBOUND, authentication="basic")
    call = post({}, ("authorization", header)) if header else post({})
    if word:
        assert refusal("Infobip", hook, call).word == word
    else:
        webhook_vendor("Infobip").authenticate(hook, call)


def test_an_hmac_may_be_written_as_github_does() -> None:
    hook = webhook("Custom", WebhookType.INBOUND, authentication="hmac")
    digest = hmac.new(b"smstui-demo-secret", b"[1]", hashlib.sha256).hexdigest()
    for written in (digest, digest.upper(), f"sha256={digest}", f" SHA256={digest}"):
        webhook_vendor("Custom").authenticate(hook, post("[1]", ("x-signature", written)))
    for written in (f"sha1={digest}", digest[:-1], f"sha256={digest[:-2]}00"):
        assert refusal("Custom", hook, post("[1]", ("X-Signature", written)))


@pytest.mark.parametrize(
    ("seconds", "word"),
    [(0, ""), (300, ""), (-300, ""), (301, "old signature"), (-301, "clock is off")],
)
def test_sinchs_signature_is_good_for_five_minutes(seconds: int, word: str) -> None:
    room, hook = webhook_vendor("Sinch Conversational"), webhook("Sinch Conversational")
    call = room.sample(hook, URL, WebhookType.INBOUND, NOW)
    late = replace(call, received=NOW + timedelta(seconds=seconds))
    if word:
        said = refusal("Sinch Conversational", hook, late)
        assert said.word == word
        assert "301 seconds" in said.message
    else:
        room.authenticate(hook, late)
    assert room.replay_key(hook, call) == call.header("x-sinch-webhook-signature-nonce") != ""
    again = room.sample(hook, URL, WebhookType.INBOUND, NOW)
    assert room.replay_key(hook, again) != room.replay_key(hook, call)


def test_a_nonce_counts_only_where_it_is_signed() -> None:
    call = post({}, ("X-Sinch-Webhook-Signature-Nonce", "x"))
    for vendor, way, expected in (("Sinch", "none", ""), ("Sinch", "sinch", "x")):
        hook = webhook(vendor, authentication=way)
        assert webhook_vendor(vendor).replay_key(hook, call) == expected
    assert webhook_vendor("Custom").replay_key(webhook("Custom", WebhookType.INBOUND), call) == ""


def test_a_way_in_that_there_is_not_lets_nobody_in() -> None:
    hook = webhook("Sinch", authentication="open")
    assert refusal("Sinch", hook, post({})).word == "no way in"


HEADERS = (
    "Authorization",
    "Content-Type",
    "X-Signature",
    "X-Webhook-Key",
    "X-Twilio-Signature",
    "X-Sinch-Webhook-Signature",
    "X-Sinch-Webhook-Signature-Nonce",
    "X-Sinch-Webhook-Signature-Timestamp",
)
CREDENTIALS = {
    "token": ("Twilio", {"account_sid": "AC" + "0" * 32, "auth_token": SecretStr(TOKEN)}),
    "key": (
        "Twilio",
        {
            "account_sid": "AC" + "0" * 32,
            "api_key_sid": "SK" + "0" * 32,
            "api_key_secret": SecretStr("x" * 32),
        },
    ),
}


def credential(kind: str) -> Credential:
    vendor, fields = CREDENTIALS[kind]
    built: Credential = provider_for(vendor).model.model_validate({"name": "x", **fields})
    return built


def test_twilio_takes_the_token_of_the_credential_unless_it_has_its_own() -> None:
    room = webhook_vendor("Twilio")
    signed = room.sample(webhook("Twilio"), URL, WebhookType.INBOUND, NOW)
    by_credential = Webhook("x", WebhookType.BOTH, {}, credential("token"))
    room.authenticate(by_credential, signed)
    by_key = Webhook("x", WebhookType.BOTH, {}, credential("key"))
    assert refusal("Twilio", by_key, signed).word == "no token"
    room.authenticate(replace(by_key, draft={"signing_token": SecretStr(TOKEN)}), signed)
    draft = custom_draft(
        auth_type="basic",
        api_token=None,
        user_name="AC" + "0" * 32,
        password=SecretStr(TOKEN),
    )
    custom = provider_for("Custom").build(draft)
    room.authenticate(Webhook("x", WebhookType.BOTH, {}, custom), signed)


def test_twilio_tells_which_url_was_expected_and_hides_its_login() -> None:
    hook = webhook("Twilio")
    url = "https://user:hunter2@hooks.example.test:8443/in/abc?x=1"
    said = refusal("Twilio", hook, form("MessageSid=SM1", ("X-Twilio-Signature", "no"), url=url))
    assert "https://hooks.example.test:8443/in/abc?x=1" in said.message
    assert "hunter2" not in said.message


def test_twilio_believes_no_body_that_is_not_signed() -> None:
    room, hook = webhook_vendor("Twilio"), webhook("Twilio")
    body = b'{"event":"demo","n":1}'
    url = (
        "https://hooks.example.test/twilio/json?bodySHA256="
        "2c0666189e06a136563bd761c2f72f38f9bac28ae28ac660caca87f3e6e3fa6f"
    )
    call = replace(post(body, ("X-Twilio-Signature", "kolz5Tqmr8nttT7PxUdMqIBa/xI=")), url=url)
    room.authenticate(hook, call)
    assert [reading.kind for reading in room.read(hook, call)] == [EventKind.OTHER]
    assert refusal("Twilio", hook, replace(call, body=body + b" ")).word == "body not signed"
    signed_url_only = replace(call, url=URL)
    assert refusal("Twilio", hook, signed_url_only).word == "body not signed"


@settings(deadline=None)
@given(
    st.sampled_from([c for c in CASES if c[1].text("authentication") != "none"]),
    st.lists(
        st.tuples(
            st.sampled_from(HEADERS),
            st.text(max_size=20) | st.sampled_from(["Basic ", "Bearer ", "1767225600", "=", "²"]),
        ),
        max_size=5,
    ),
    st.binary(max_size=20),
)
def test_nothing_made_up_is_believed(
    case: tuple[str, Webhook], headers: list[tuple[str, str]], body: bytes
) -> None:
    refusal(case[0], case[1], Call("POST", URL, tuple(headers), body, NOW))
