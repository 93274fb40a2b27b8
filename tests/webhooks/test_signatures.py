"""Signatures: the vectors of Twilio and Sinch, and what may and may not vary."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smstui.webhooks.signatures import (
    Encoding,
    body_hash,
    hmac_of,
    is_twilio_signature,
    port_variants,
    same,
    sinch_signature,
    twilio_signature,
    without_login,
)

TOKEN = "0123456789abcdef0123456789abcdef"
ACCOUNT, MESSAGE = "AC00112233445566778899aabbccddeeff", "SM00112233445566778899aabbccddeeff"
READ = [
    ("AccountSid", ACCOUNT),
    ("ApiVersion", "2010-04-01"),
    ("ChannelPrefix", "rcs"),
    ("EventType", "READ"),
    ("From", "rcs:demo_agent"),
    ("MessageSid", MESSAGE),
    ("SmsSid", MESSAGE),
    ("MessageStatus", "read"),
    ("SmsStatus", "read"),
    ("To", "rcs:+15555550123"),
]
INBOUND = [
    ("AccountSid", ACCOUNT),
    ("MessageSid", MESSAGE),
    ("From", "+15555550123"),
    ("To", "+15005550006"),
    ("Body", "Grüße & 100% ☕"),
    ("NumMedia", "0"),
    ("FromCity", ""),
]
STATUS_URL = "https://hooks.example.test/twilio/status?conn=7"
IN_URL = "https://hooks.example.test/twilio/in"
WITH_443 = "https://hooks.example.test:443/twilio/in"
WITH_8443 = "https://hooks.example.test:8443/twilio/in"
JSON_BODY = b'{"event":"demo","n":1}'
JSON_URL = (
    "https://hooks.example.test/twilio/json?bodySHA256="
    "2c0666189e06a136563bd761c2f72f38f9bac28ae28ac660caca87f3e6e3fa6f"
)
A, B = "8we0J1tUT3eavUnZili1SLSiALQ=", "CRHWXs3LclmiFjIuHGOt3Nr2Fu4="
C, C2 = "YhsUikUZHmEtBZGyTE0O52cIUy4=", "khD1sSwd1HiOYD6/z4HO0BoA+3E="
D = "kolz5Tqmr8nttT7PxUdMqIBa/xI="


@pytest.mark.parametrize(
    ("signature", "url", "parameters", "accepted"),
    [
        (A, STATUS_URL, READ, True),
        (A, f"{STATUS_URL}#rc=2&rp=ct,rt", READ, True),
        (A, STATUS_URL, [*READ, ("To", "rcs:+15555550123")], True),
        (A, STATUS_URL, [*READ, ("To", "rcs:+15555550124")], False),
        (A, STATUS_URL.replace("conn=7", "conn=8"), READ, False),
        (A, STATUS_URL.replace("https:", "http:"), READ, False),
        (B, IN_URL, INBOUND, True),
        (B, IN_URL, INBOUND[::-1], True),
        (B, IN_URL, INBOUND[:-1], False),
        (B, WITH_443, INBOUND, True),
        (B, WITH_8443, INBOUND, True),
        (C, WITH_443, INBOUND, True),
        (C, IN_URL, INBOUND, True),
        (C2, WITH_8443, INBOUND, True),
        (C2, IN_URL, INBOUND, False),
        (D, JSON_URL, [], True),
        (D.lower(), JSON_URL, [], False),
        ("", JSON_URL, [], False),
        ("ü", JSON_URL, [], False),
    ],
)
def test_twilio_signs_like_this(
    signature: str, url: str, parameters: list[tuple[str, str]], accepted: bool
) -> None:
    assert is_twilio_signature(signature, TOKEN, url, parameters) is accepted
    assert not is_twilio_signature(signature, "another", url, parameters)


@pytest.mark.parametrize(
    ("expected", "url", "parameters"),
    [
        (A, STATUS_URL, READ),
        (B, IN_URL, INBOUND),
        (C, WITH_443, INBOUND),
        (C2, WITH_8443, INBOUND),
        (D, JSON_URL, []),
    ],
)
def test_our_own_signature_is_twilios(
    expected: str, url: str, parameters: list[tuple[str, str]]
) -> None:
    assert twilio_signature(TOKEN, url, parameters) == expected


def test_the_hash_of_a_body() -> None:
    assert JSON_URL.endswith(body_hash(JSON_BODY))
    assert body_hash(JSON_BODY + b" ") not in JSON_URL


@pytest.mark.parametrize(
    ("url", "variants"),
    [
        ("https://a.test/x?y=1#z", ("https://a.test/x?y=1", "https://a.test:443/x?y=1")),
        ("http://a.test", ("http://a.test", "http://a.test:80")),
        ("http://a.test:8080/?", ("http://a.test/?", "http://a.test:8080/?")),
        ("https://[2001:db8::1]/x", ("https://[2001:db8::1]/x", "https://[2001:db8::1]:443/x")),
        ("https://[::1]:8443/x", ("https://[::1]/x", "https://[::1]:8443/x")),
        ("https://u:p@a.test:1/x", ("https://u:p@a.test/x", "https://u:p@a.test:1/x")),
        ("https://a.test/x:1@b", ("https://a.test/x:1@b", "https://a.test:443/x:1@b")),
        ("no address", ("no address",)),
    ],
)
def test_ports_are_added_and_removed_at_the_right_place(
    url: str, variants: tuple[str, ...]
) -> None:
    assert port_variants(url) == variants


def test_a_login_in_a_url_is_not_shown() -> None:
    assert without_login("https://u:p@a.test:1/x?y") == "https://a.test:1/x?y"
    assert without_login("https://a.test/x@y") == "https://a.test/x@y"


def test_sinch_signs_like_this() -> None:
    body = b'{"app_id":"01HZZZZZZZZZZZZZZZZZZZZZZZ","message_delivery_report":{"status":"READ"}}'
    signed = sinch_signature("smstui-demo-secret", body, "01HABCDEF0123456789ABCDEFG", "1767225600")
    assert signed == "ZEAAlfd8WHxCptlFjBA1PdhDr4PlzN0ENNiUcwNizHw="


def test_an_hmac_is_that_of_rfc_4231() -> None:
    key, data = "Jefe", b"what do ya want for nothing?"
    expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert hmac_of(key, data, "sha256", Encoding.HEX) == expected
    written = hmac_of(key, data, "sha256", Encoding.BASE64)
    assert base64.b64decode(written).hex() == expected


@given(st.text(), st.text())
def test_texts_are_the_same_when_they_are_equal(one: str, two: str) -> None:
    assert same(one, two) is (one == two)
    assert same(one, one)


@given(st.text(), st.lists(st.tuples(st.text(), st.text()), max_size=4))
def test_any_url_can_be_signed_and_checked(url: str, parameters: list[tuple[str, str]]) -> None:
    signature = twilio_signature(TOKEN, url, parameters)
    address = url.partition("#")[0]
    if address in port_variants(url):
        assert is_twilio_signature(signature, TOKEN, url, parameters)
