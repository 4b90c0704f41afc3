"""Lets a PostgreSQL program that cannot do TLS, or any other, talk to a server over verified TLS.

The programs of the Python package are built without TLS, those of a distribution with it; one way for all
means one place where the certificate is verified. The relay listens on a unix socket in a directory that only
this user may enter; towards the server it asks for TLS as libpq does and verifies chain and name in full.

It reads nothing of what it carries. One thread per connection: an OpenSSL connection is not for two.

Source: PostgreSQL documentation, "Frontend/Backend Protocol", SSL session encryption.
"""

from __future__ import annotations

import select
import shutil
import socket
import ssl
import struct
import tempfile
import threading
from pathlib import Path
from types import TracebackType

PORT = 5432
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
_CONNECT_TIMEOUT_S = 15
_LOOK_S = 0.2
_CHUNK = 64 * 1024
_BURST = 8


class TlsRelay:
    """A unix socket that leads to one server; usable as a context manager.

    Args:
        address: the server's name, which its certificate has to carry.
        port: its port.
        context: verifies it.
    """

    def __init__(self, address: str, port: int, context: ssl.SSLContext) -> None:
        self._server = (address, port)
        self._context = context
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self.problems: list[str] = []
        # Short: the path of a socket is at most 107 bytes long.
        self.directory = Path(tempfile.mkdtemp(prefix="lifeboat-pg-"))
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)

    def __enter__(self) -> TlsRelay:
        self._listener.bind(str(self.directory / f".s.PGSQL.{PORT}"))
        self._listener.listen()
        self._listener.settimeout(_LOOK_S)
        self._run(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self._run(self._carry, client)

    def _run(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]  # a bound method
        self._threads.append(thread)
        thread.start()

    def _carry(self, client: socket.socket) -> None:
        with client:
            try:
                with self._reach() as server:
                    _Pair(client, server).carry(self._stopped)
            except OSError as error:
                # The program sees its connection end and fails; this says why.
                self.problems.append(str(error))

    def _reach(self) -> ssl.SSLSocket:
        plain = socket.create_connection(self._server, timeout=_CONNECT_TIMEOUT_S)
        try:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            plain.sendall(_SSL_REQUEST)
            if plain.recv(1) != b"S":
                raise ConnectionError(f"{self._server[0]}:{self._server[1]} does not offer tls")
            return self._context.wrap_socket(plain, server_hostname=self._server[0])
        except BaseException:
            plain.close()
            raise


class _Pair:
    """Two connected ends, carried by one thread until either ends."""

    def __init__(self, client: socket.socket, server: ssl.SSLSocket) -> None:
        self._client = client
        self._server = server
        client.setblocking(True)
        server.setblocking(False)

    def carry(self, stopped: threading.Event) -> None:
        """Carry until one of the two ends, or we are to stop."""
        while not stopped.is_set():
            readable, _, _ = select.select([self._client, self._server], [], [], _LOOK_S)
            if self._server in readable and not self._from_server():
                return
            if self._client in readable and not self._from_client():
                return

    def _from_server(self) -> bool:
        """Pass on what there is, all of it: what OpenSSL has read already, no select shows."""
        while True:
            chunks: list[bytes] = []
            ended = False
            try:
                while len(chunks) < _BURST:
                    chunk = self._server.recv(_CHUNK)
                    if not chunk:
                        ended = True
                        break
                    chunks.append(chunk)
            except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
                pass
            if chunks:
                self._client.sendall(b"".join(chunks))
            if ended:
                return False
            if len(chunks) < _BURST:
                return True

    def _from_client(self) -> bool:
        chunk = self._client.recv(_CHUNK)
        left = memoryview(chunk)
        while left:
            try:
                left = left[self._server.send(left) :]
            except ssl.SSLWantWriteError:
                select.select([], [self._server], [], _LOOK_S)
            except ssl.SSLWantReadError:
                select.select([self._server], [], [], _LOOK_S)
        return bool(chunk)
