"""The HTTP server: waitress on one loopback port, with keep-alive and a thread per busy request.

moto's own server closes the connection after every answer and drops what it does not know; this one keeps
connections open, hands moto the path as it was sent, and keeps underscores in the names of S3 user metadata.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from threading import Thread
from wsgiref.types import StartResponse, WSGIApplication

from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server
from waitress.task import WSGITask

from lifeboat.core.errors import Refused
from localcloud.aws.fault_effects import ConnectionDropped
from localcloud.aws.request_scope import Environ

LOOPBACK = "127.0.0.1"
_METADATA = re.compile(rb"(?im)^(x-amz-meta-[^:\s]*_[^:\s]*):[ \t]*(.*?)[ \t]*\r?$")
_THREADS = 48
_LARGEST_BODY = 6 * 1024**3
# Waitress closes idle connections by the wall clock, which jumps here; the clients close theirs.
_NEVER_S = 2**40


class HttpServer:
    """Listens from construction on; answers from `start` on."""

    def __init__(self, port: int) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]

    def start(self, application: WSGIApplication) -> None:
        """Serve `application` (WSGI) in threads of this process until it ends."""

        def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            try:
                return application(environ, start_response)
            except ConnectionDropped as dropped:
                raise ClientDisconnected from dropped

        server = create_server(
            serve,
            sockets=[self._socket],
            threads=_THREADS,
            ident=None,
            connection_limit=1000,
            channel_timeout=_NEVER_S,
            channel_request_lookahead=1,
            max_request_body_size=_LARGEST_BODY,
            asyncore_use_poll=True,
            log_untrusted_proxy_headers=False,
        )
        server.channel_class = _Channel
        Thread(target=server.run, name="http", daemon=True).start()


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise Refused(
            f"port {port} on {LOOPBACK} cannot be used: {error.strerror}",
            hint="stop what holds it, or pass --port 0 to take any free port",
        ) from error
    return listener


class _Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress ships no types
    """Keeps what the standard parser drops: metadata headers whose names hold an underscore."""

    metadata: tuple[tuple[str, str], ...] = ()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if not self.chunked and not self.content_length:
            # boto3 expects 100-continue for an empty object too; waitress would wait for its body forever.
            self.expect_continue = False
        found = _METADATA.findall(header_plus)
        self.metadata = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in found)


class _Task(WSGITask):  # type: ignore[misc]  # waitress ships no types
    def get_environment(self) -> Environ:
        is_new = self.environ is None
        environ: Environ = super().get_environment()
        if is_new:
            from moto.core.request import PRESERVED_HEADER_NAMES_ENVIRON_KEY, environ_key_for_header

            environ["RAW_URI"] = self.request.request_uri
            environ[PRESERVED_HEADER_NAMES_ENVIRON_KEY] = names = {}
            for name, value in self.request.metadata:
                key = environ_key_for_header(name)
                # A dashed header of the same letters wins, as in moto's own server.
                if key not in environ:
                    environ[key], names[key] = value, name
        return environ

    def build_response_header(self) -> bytes:
        names = [name for name, _ in self.response_headers if name.lower().startswith("x-amz-meta-")]
        raw: bytes = super().build_response_header()
        for name in names:
            # The standard task capitalises names, and boto3 takes the key of user metadata from the name.
            capitalised = "-".join(word.capitalize() for word in name.split("-"))
            raw = raw.replace(f"\r\n{capitalised}: ".encode(), f"\r\n{name.lower()}: ".encode())
        return raw


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    parser_class = _Parser
    task_class = _Task

    def _flush_some(self, do_close: bool = True) -> bool:
        # The loop's thread flushes without this lock, and a worker that answers `Expect: 100-continue` at the
        # end of the request before flushes too: together they would send the same bytes twice.
        with self.outbuf_lock:
            return bool(super()._flush_some(do_close=do_close))
