"""HTTP for an image, and an end that loses no request.

Told to end, it goes on accepting for a moment (a proxy may just have chosen this machine), says
`connection: close` in every answer, and leaves when no request is running.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Thread
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from localcloud.fly.images.demo.app import Reply
from localcloud.fly.images.demo.journal import note

_LOOPBACK = "127.0.0.1"
_LAME_DUCK_S = 0.3
_FINISH_S = 60.0
_ACCEPT_POLL_S = 0.05
_LARGEST_BODY = 10 * 2**20


class Pages(Protocol):
    """What is served."""

    def answer(self, path: str, query: Mapping[str, str]) -> Reply:
        """Return the answer of a page."""
        ...

    def headers(self) -> Mapping[str, str]:
        """Return the headers every answer carries."""
        ...


class Server(ThreadingHTTPServer):
    """Listens from construction on; a thread per connection."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, pages: Pages, ending: Event) -> None:
        super().__init__((_LOOPBACK, port), _Handler)
        self.pages = pages
        self.ending = ending
        self._running = 0
        self._changed = Condition()

    def serve_until_told(self) -> None:
        """Serve until the event is set and running requests have finished."""
        serving = Thread(target=self.serve_forever, args=(_ACCEPT_POLL_S,), name="accept", daemon=True)
        serving.start()
        self.ending.wait()
        Event().wait(_LAME_DUCK_S)
        self.shutdown()
        self.server_close()
        with self._changed:
            self._changed.wait_for(lambda: self._running == 0, _FINISH_S)

    @contextmanager
    def running_request(self) -> Iterator[None]:
        """Count a request while it runs."""
        with self._changed:
            self._running += 1
        try:
            yield
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:
        """Note what a handler did not catch, unless it is only the client that left."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError):
            note("error", about="request", reason=type(error).__name__)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "lifeboat-demo"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 75
    server: Server

    def do_GET(self) -> None:
        self._serve()

    do_HEAD = do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing per request: a fleet's log would be all health checks."""

    def _serve(self) -> None:
        with self.server.running_request():
            if not self._drop_body():
                self._send(
                    Reply(status=411, body={"error": "a body needs a content-length of at most 10 MB"})
                )
                return
            url = urlsplit(self.path)
            query = dict(parse_qsl(url.query, keep_blank_values=True))
            self._send(self.server.pages.answer(url.path, query))

    def _drop_body(self) -> bool:
        """Read the body away, which no page uses; False when its end cannot be told."""
        length = self.headers.get("content-length", "0")
        if "transfer-encoding" in self.headers or not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            return False
        self.rfile.read(int(length))
        return True

    def _send(self, reply: Reply) -> None:
        body = json.dumps(reply.body).encode() + b"\n"
        self.send_response(reply.status)
        for name, value in {**self.server.pages.headers(), **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("content-type", "application/json")
        self.send_header("cache-control", "no-store")
        self.send_header("content-length", str(len(body)))
        if self.server.ending.is_set() or self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
