"""A request as the edge received it, read from its ASGI scope. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import Scope

from localcloud.fly.proxy.headers import Headers
from localcloud.fly.regions import REGIONS

# RFC 9110 section 9.2.2: doing it twice is doing it once.
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request.

    Args:
        host: of the absolute request URI when it has one, else of the `Host` header.
        target: path and query as they were sent.
        region: where the caller is, empty when it does not say so.
    """

    method: str
    host: str
    target: bytes
    headers: Headers
    client_ip: str
    scheme: str
    port: int
    region: str

    @property
    def is_idempotent(self) -> bool:
        """Whether it may be sent to a second machine although the first may have acted on it."""
        return self.method in _IDEMPOTENT

    @property
    def is_tunnel(self) -> bool:
        """Whether it asks for more than an answer: an upgrade (WebSocket) or a tunnel."""
        return self.method == "CONNECT" or bool(self.header("upgrade"))

    @property
    def by_name(self) -> dict[str, str]:
        """The headers by lower-case name; of a repeated one the last."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers}

    def header(self, name: str) -> str:
        """Return a header, empty when it is missing."""
        return self.by_name.get(name, "")


def read_scope(scope: Scope) -> Incoming:
    """Return the request of an ASGI scope."""
    headers: Headers = list(scope["headers"])
    by_name = dict(headers)
    path, host = scope["raw_path"], by_name.get(b"host", b"").decode("latin-1")
    if not path.startswith((b"/", b"*")) and b"://" in path:
        url = urlsplit(path.decode("latin-1"))
        path, host = (url.path or "/").encode("latin-1"), url.netloc.rpartition("@")[2]
    query = scope["query_string"]
    region = by_name.get(b"fly-client-region", b"").decode("latin-1").lower()
    return Incoming(
        method=scope["method"],
        host=host,
        target=path + b"?" + query if query else path,
        headers=headers,
        client_ip=(scope.get("client") or ("127.0.0.1", 0))[0],
        scheme=scope["scheme"],
        port=scope["server"][1],
        region=region if region in REGIONS else "",
    )
