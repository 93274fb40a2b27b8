"""A web server on loopback that keeps the webhook requests it gets."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self
from urllib.parse import parse_qsl


@dataclass(frozen=True)
class Received:
    """A webhook request as it came in."""

    path: str
    headers: Mapping[str, str]
    parameters: dict[str, str]
    body: bytes = b""


class Receiver:
    """A web server that keeps what is posted to it; a context manager."""

    def __init__(self) -> None:
        self.received: queue.Queue[Received] = queue.Queue()
        received = self.received
        self.failures = failures = [503]
        """Statuses for the next requests below ``/failing``; then they are taken."""

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                pairs = parse_qsl(body.decode(), keep_blank_values=True)
                received.put(Received(self.path, dict(self.headers), dict(pairs), body))
                # A redirect must not lead the simulator anywhere.
                status = 302 if "redirect" in self.path else 204
                if "failing" in self.path and failures:
                    status = failures.pop()
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()

            def do_GET(self) -> None:
                received.put(Received(self.path, dict(self.headers), {}))
                self.send_error(404)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def next(self) -> Received:
        """Return the next request."""
        return self.received.get(timeout=10)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self._thread.join()
        self.server.server_close()
