"""Where Fly.io is and who asks: three base addresses and a token, under flyctl's variable names.

Sources: flyctl `internal/config`, fly-go `flaps`, `internal/uiex`. The token is checked here once, because an
illegal header value would otherwise be quoted by the HTTP library's error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from lifeboat.core.errors import ConfigError
from lifeboat.core.loopback import is_loopback
from lifeboat.core.secret import Secret

FLAPS_URL = "https://api.machines.dev"
API_URL = "https://api.fly.io"
UIEX_URL = "https://api.fly.io"
_HOST = re.compile(r"[A-Za-z0-9._:-]+")
_TOKEN = re.compile(r"[\x21-\x7e]+( [\x21-\x7e]+)*")
_SCHEMES = frozenset({"", "bearer", "flyv1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FlySettings:
    """How to reach Fly.

    Args:
        flaps_url: origin of the Machines API; a path in it is dropped, as flyctl does.
        api_url: origin of GraphQL and logs.
        uiex_url: origin of releases and organisations.
        token: one or several tokens separated by commas, with or without their scheme.

    Raises:
        ConfigError: an address is not http(s) with a host, or the token is empty or no header value.
    """

    flaps_url: str = FLAPS_URL
    api_url: str = API_URL
    uiex_url: str = UIEX_URL
    token: Secret

    def __post_init__(self) -> None:
        """Refuse what could never work."""
        for name in ("flaps_url", "api_url", "uiex_url"):
            object.__setattr__(self, name, _origin(name, getattr(self, name)))
        if not _is_token(self.token.reveal().strip()):
            raise ConfigError("the fly token is empty or has characters no token has")

    @property
    def is_loopback(self) -> bool:
        """Whether every address is this machine's own, so that no proxy of the environment may be used."""
        return all(is_loopback(url) for url in (self.flaps_url, self.api_url, self.uiex_url))

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> FlySettings:
        """Read flyctl's variables; an empty one counts as not set.

        Raises:
            ConfigError: there is no token, or something in it cannot be used.
        """
        token = env.get("FLY_ACCESS_TOKEN") or env.get("FLY_API_TOKEN")
        if not token:
            raise ConfigError("FLY_API_TOKEN is not set", hint="make one with: fly tokens create org")
        return cls(
            flaps_url=env.get("FLY_FLAPS_BASE_URL") or FLAPS_URL,
            api_url=env.get("FLY_API_BASE_URL") or API_URL,
            uiex_url=env.get("FLY_UIEX_BASE_URL") or UIEX_URL,
            token=Secret(token),
        )


def _is_token(text: str) -> bool:
    words = set(re.split(r"[, ]", text.lower()))
    return _TOKEN.fullmatch(text) is not None and not words <= _SCHEMES


def _origin(name: str, address: str) -> str:
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ConfigError(f"{name}: {error}") from None
    if url.scheme not in {"http", "https"} or not _HOST.fullmatch(url.host):
        raise ConfigError(f"{name}: it is not an http or https address")
    if url.userinfo:
        raise ConfigError(f"{name}: an address never carries credentials")
    return f"{url.scheme}://{url.netloc.decode('ascii')}"
