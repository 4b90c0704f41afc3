"""A forwarder that has no descriptor left waits for one, and serves who came meanwhile."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from localcloud.postgres.startup_message import Request
from tests.postgres.running_endpoints import REGION, running_endpoints

SSL_REQUEST = (8).to_bytes(4, "big") + Request.SSL.to_bytes(4, "big")


@contextmanager
def _no_descriptor_left() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_client_that_came_without_a_descriptor_left_is_served_later(tmp_path: Path) -> None:
    with running_endpoints(tmp_path) as endpoints, socket.socket() as client:
        port = endpoints.do(lambda each: each.open(REGION, "orders", ("127.0.0.1", 1), force_ssl=True))
        client.settimeout(0.5)
        with _no_descriptor_left():
            client.connect(("127.0.0.1", port))
            client.sendall(SSL_REQUEST)
            with pytest.raises(TimeoutError):
                client.recv(1)
        client.settimeout(10)
        assert client.recv(1) == b"S"
