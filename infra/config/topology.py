"""Sections `topology` and `objectives`: where an environment lives, and what its recovery promises."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.config.section import Section


class Topology(Section):
    """Two AWS regions, and which of them holds the primary database at present."""

    regions: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    """Home region, other region. The order never changes in an environment's life: multi-region keys have
    their primary in the first, and their primary cannot move."""
    primary_region: str
    """The region of the primary database; the other is the recovery region. A failover changes this line."""
    fly_regions: dict[str, str]
    """The Fly region whose apps use the database of an AWS region, by AWS region."""

    @property
    def home_region(self) -> str:
        """The first region."""
        return self.regions[0]

    @property
    def other_region(self) -> str:
        """The second region."""
        return self.regions[1]

    @property
    def recovery_region(self) -> str:
        """The region that does not hold the primary database."""
        return self.other_region if self.primary_region == self.home_region else self.home_region


class Objectives(Section):
    """What was promised; every other section must be able to keep it."""

    rto_minutes: Annotated[int, Field(ge=1, le=10080)]
    """At most this long until the product is back after losing a region."""
    rpo_minutes: Annotated[int, Field(ge=1, le=10080)]
    """At most this much data lost with a region, as time before the loss."""
    retention_days: Annotated[int, Field(ge=1, le=3650)]
    """Backups can be restored for at least this long."""
