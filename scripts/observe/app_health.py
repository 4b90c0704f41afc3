"""Asks an app on Fly, from outside as its users do, whether it is healthy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from lifeboat.core.errors import ConfigError
from lifeboat.core.loopback import is_loopback

EDGE = "FLY_EDGE_URL"
"""Where the local Fly's edge listens, for apps that have no name in the DNS; unset for all others."""
_API = "FLY_FLAPS_BASE_URL"
_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AppHealth:
    """How to ask.

    Args:
        edge: address of the local edge; empty for apps that answer under their names.
    """

    edge: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> AppHealth:
        """Read where apps are asked.

        Raises:
            ConfigError: a local edge beside another Fly than the local one, or one elsewhere: what it said
                would be taken for the real app's word.
        """
        edge = environment.get(EDGE, "")
        if edge and not (is_loopback(edge) and is_loopback(environment.get(_API, ""))):
            raise ConfigError(
                f"{EDGE}: only for the local Fly, on loopback", hint=f"unset {EDGE} for a real environment"
            )
        return cls(edge=edge)

    def refusal(self, hostname: str, path: str) -> str:
        """Ask once; return why the app is not healthy, empty when it is.

        Args:
            hostname: its name in the DNS.
            path: of its health check.
        """
        address = self.edge or f"https://{hostname}"
        try:
            answer = httpx.get(
                f"{address}{path}", headers={"Host": hostname}, timeout=_TIMEOUT_S, trust_env=not self.edge
            )
        except httpx.HTTPError as error:
            return f"{hostname}{path}: {type(error).__name__}"
        return "" if answer.is_success else f"{hostname}{path} answers {answer.status_code}"
