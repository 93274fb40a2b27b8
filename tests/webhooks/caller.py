"""Calls to a receiver over real HTTP."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from smstui.webhooks.base import Call
from smstui.webhooks.intake import Incoming


@dataclass(frozen=True)
class Answered:
    """What a receiver answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Caller:
    """Calls a receiver, each time on a connection of its own."""

    def __init__(self, url: str) -> None:
        self.address = ("127.0.0.1", urlsplit(url).port or 0)

    def __call__(
        self,
        target: str,
        method: str = "POST",
        body: bytes | list[bytes] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Answered:
        """Send one request; a list of chunks is sent chunked."""
        connection = HTTPConnection(*self.address, timeout=20)
        try:
            connection.request(method, target, body, dict(headers or {}))
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answered(answer.status, told, answer.read())
        finally:
            connection.close()

    def make(self, incoming: Incoming) -> Answered:
        """Make a call as it is."""
        call = incoming.call
        return self(target_of(call), call.method, call.body, dict(call.headers))

    def raw(self, data: bytes, answers: int = 1) -> bytes:
        """Send bytes, and return what comes back: so many answers, or less when it ends."""
        with socket.create_connection(self.address, timeout=20) as connection:
            connection.sendall(data)
            received = b""
            while received.count(b"\r\n\r\n") < answers:
                chunk = connection.recv(65_536)
                if not chunk:
                    break
                received += chunk
            return received


def target_of(call: Call) -> str:
    """Return path and query of a call."""
    parts = urlsplit(call.url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def raw_request(call: Call) -> bytes:
    """Return a call as it goes over the wire."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in call.headers)
    head = (
        f"{call.method} {target_of(call)} HTTP/1.1\r\nHost: x\r\n{headers}"
        f"Content-Length: {len(call.body)}\r\n\r\n"
    )
    return head.encode("utf-8") + call.body
