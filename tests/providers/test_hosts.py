from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smstui.providers.hosts import (
    base_url,
    check_host,
    is_loopback,
    is_plain_http_abroad,
    split_host,
    tidy_host,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("api.twilio.com", "api.twilio.com"),
        (" https://API.Twilio.com/2010-04-01/?x=1#y ", "api.twilio.com"),
        ("HTTPS://host:8443/", "host:8443"),
        ("host/", "host"),
        ("http://127.0.0.1:4010/", "http://127.0.0.1:4010"),
        ("http://api.twilio.com", "http://api.twilio.com"),
        ("https://[::1]:4010/x", "[::1]:4010"),
    ],
)
def test_only_the_host_is_kept(typed: str, kept: str) -> None:
    tidied = tidy_host(typed)
    assert tidied.value == kept
    assert bool(tidied.said) == (typed != kept)


@pytest.mark.parametrize(
    "value",
    [
        "api.twilio.com",
        "host:1",
        "host:65535",
        "http://127.0.0.1:4010",
        "http://localhost:1",
        "[::1]:4010",
        "http://[::1]:4010",
        "127.0.0.1",
        "my_host.internal",
        "api.example.com.",
    ],
)
def test_hosts(value: str) -> None:
    assert list(check_host(value)) == []


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("http://api.twilio.com", "Plain http"),
        ("http://127.0.0.1.example.com", "Plain http"),
        ("ftp://host", "host alone"),
        ("user:pass@host", "no user"),
        ("http://user@127.0.0.1:80", "no user"),
        ("host:0", "port"),
        ("host:65536", "port"),
        ("host:x", "port"),
        ("host:", "port"),
        ("[::1]x", "not a host"),
        ("ho st", "not a host"),
        ("-host", "not a host"),
        ("a..b", "not a host"),
        ("1.2.3", "not a host"),
        ("hôst", "not a host"),
        ("a" * 64, "not a host"),
        ("", "not a host"),
    ],
)
def test_what_is_no_host_says_why(value: str, says: str) -> None:
    (issue,) = check_host(value)
    assert says in issue[1]


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_passes_is_a_url_of_that_host(text: str) -> None:
    value = tidy_host(text).value
    if any(True for _issue in check_host(value)):
        return
    parts = urlsplit(base_url(value) + "/path")
    assert parts.path == "/path"
    assert (parts.hostname, parts.port or 0) == split_host(value)
    assert parts.username is None
    assert not is_plain_http_abroad(base_url(value))
    assert tidy_host(value).value == value


@pytest.mark.parametrize("host", ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example", "127.0.0.1.nip.io", "10.0.0.1", "127.1", ""])
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize("url", ["http://x.test/", "ftp://127.0.0.1/", "x", "http://[", "//x"])
def test_nothing_goes_abroad_in_the_clear(url: str) -> None:
    assert is_plain_http_abroad(url)
