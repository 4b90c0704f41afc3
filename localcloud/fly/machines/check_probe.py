"""One look at a machine's port: is it well, and what did it say."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass

import httpx

from localcloud.fly.machines.check_specs import CheckSpec

_LONGEST_OUTPUT = 512
_LONGEST_LOOK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a look found."""

    passing: bool
    output: str


class Prober:
    """Looks at ports over HTTP or TCP, from the host the machine is on."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def look(self, spec: CheckSpec, address: tuple[str, int] | None) -> Finding:
        """Return what a check finds at an address; None is a machine that is not there."""
        if address is None:
            return Finding(passing=False, output="connect: connection refused")
        try:
            async with asyncio.timeout(spec.timeout_s):
                if spec.kind == "http":
                    return await self._http(spec, address)
                return await self._tcp(address)
        except (TimeoutError, httpx.TimeoutException):
            return Finding(passing=False, output="context deadline exceeded")
        except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
            # ValueError: a path or a header that cannot be sent.
            return Finding(passing=False, output=f"connect: {error}"[:_LONGEST_OUTPUT])

    async def close(self) -> None:
        """Close what is open."""
        if self._client is not None:
            await self._client.aclose()

    async def _http(self, spec: CheckSpec, address: tuple[str, int]) -> Finding:
        url = httpx.URL(scheme="http", host=address[0], port=address[1], raw_path=spec.path.encode())
        answer = await self._opened().request(spec.method, url, headers=list(spec.headers))
        output = answer.text[:_LONGEST_OUTPUT]
        return Finding(passing=answer.is_success, output=output or f"HTTP {answer.status_code}")

    async def _tcp(self, address: tuple[str, int]) -> Finding:
        _, writer = await asyncio.open_connection(*address)
        writer.close()
        await writer.wait_closed()
        return Finding(passing=True, output="Success")

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # An empty context: checks are plain HTTP here, and loading the host's authorities takes long.
            self._client = httpx.AsyncClient(
                verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
                trust_env=False,
                timeout=_LONGEST_LOOK_S,
                limits=httpx.Limits(max_keepalive_connections=0),
            )
        return self._client
