"""A machine's side of a connection, scripted: a small server that notes requests and answers as told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A request that arrived; header names are lower-case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """An answer, with a length or `streamed` in chunks; `drop` closes the connection without one."""

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    chunks: Iterator[bytes] | tuple[bytes, ...] = ()
    streamed: bool = False
    drop: bool = False


class PretendMachine:
    """Answers with what `script` says about each request; without one with its own name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[Seen] = []
        self.script: Callable[[Seen], Say] = lambda _: Say(chunks=(name.encode(),))
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.machine = self
        self.port: int = self._server.server_port
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        """Stop listening: connections are refused from now on."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    machine: PretendMachine

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is part of some tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(method=self.command, target=self.path, headers=headers, body=self._body(headers))
        self.server.machine.seen.append(seen)
        self._say(self.server.machine.script(seen))

    do_POST = do_PUT = do_DELETE = do_HEAD = do_OPTIONS = do_GET

    def _body(self, headers: dict[str, str]) -> bytes:
        if "transfer-encoding" not in headers:
            return self.rfile.read(int(headers.get("content-length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _say(self, say: Say) -> None:
        if say.drop:
            self.close_connection = True
            return
        self.send_response(say.status)
        for name, value in say.headers:
            self.send_header(name, value)
        if say.streamed:
            self._stream(say)
            return
        body = b"".join(say.chunks)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _stream(self, say: Say) -> None:
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        for chunk in say.chunks:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            self.wfile.flush()
        self.wfile.write(b"0\r\n\r\n")


@dataclass(slots=True)
class Machines:
    """Pretend machines by name, closed together."""

    by_name: dict[str, PretendMachine] = field(default_factory=dict)

    def __getitem__(self, name: str) -> PretendMachine:
        if name not in self.by_name:
            self.by_name[name] = PretendMachine(name)
        return self.by_name[name]


@contextmanager
def pretend_machines() -> Iterator[Machines]:
    """Offer machines for as long as the block lasts."""
    machines = Machines()
    try:
        yield machines
    finally:
        for machine in machines.by_name.values():
            machine.close()
