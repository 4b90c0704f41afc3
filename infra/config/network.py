"""Section `network`: address ranges, and who may reach the databases."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from infra.config.section import Line, Section


class Reach(StrEnum):
    """How clients reach a database."""

    PRIVATE = "private"
    """Only from private addresses, through a gateway such as WireGuard; there is no way to the internet."""
    ALLOWLIST = "allowlist"
    """Over the internet with TLS, from listed public addresses only; needs a written reason."""


class Admitted(Section):
    """A range of client addresses."""

    cidr: str
    """IPv4, `/24` or narrower; for `allowlist` the static egress addresses of the Fly apps."""
    description: Line
    """Whose addresses they are."""


class Network(Section):
    """One network per region, of the same shape."""

    reach: Reach
    """`private` or `allowlist`."""
    waiver: Line | None = None
    """Why the databases may be reached over the internet, by whom it was decided; with `allowlist` only."""
    cidrs: dict[str, str]
    """The private range of each region, `/16` to `/24`; ranges must not overlap."""
    zones: Annotated[int, Field(ge=2, le=4)] = 2
    """Availability zones with a subnet, at least two."""
    admitted: tuple[Admitted, ...] = ()
    """Who may connect, besides the Fly apps with `egress`."""
