"""A whole environment file, validated.

    Pulumi.<environment>.yaml ─► [EnvironmentConfig] ─► infra.desired.build

Field names are the sections of the file (`lifeboat:<section>`). Only `infra.config.load` makes one of a file.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from infra.config.account import Budget, Roles
from infra.config.alarms import Alarms
from infra.config.backups import Audit, Backups
from infra.config.database import Database
from infra.config.fly import Fly
from infra.config.network import Network
from infra.config.secrets import SecretEntry
from infra.config.section import Name, Section
from infra.config.topology import Objectives, Topology


class EnvironmentConfig(Section):
    """What an operator says about an environment."""

    product: Annotated[Name, Field(max_length=20)]
    """First part of every name; never changes."""
    environment: Annotated[Name, Field(max_length=20)]
    """The environment's name, the same as in the file's name; never changes."""
    owner: Annotated[str, Field(pattern=r"^[\w .@+-]{2,64}$")]
    """Team or address that answers for it; becomes a tag."""
    protected: bool
    """True: the program cannot delete or replace what holds data, and every safeguard is demanded."""
    topology: Topology
    """Where it lives."""
    objectives: Objectives
    """What its recovery promises."""
    network: Network | None = None
    """Networks of the databases; with `database` only."""
    database: Database | None = None
    """The RDS PostgreSQL; absent when the product's data lives elsewhere."""
    fly: Fly | None = None
    """The apps on Fly.io; absent when the product runs elsewhere."""
    backups: Backups
    """Backup buckets."""
    secrets: tuple[SecretEntry, ...] = ()
    """Secrets by name."""
    alarms: Alarms
    """What is watched, and who is told."""
    budget: Budget | None = None
    """What a month may cost."""
    audit: Audit
    """Who did what."""
    roles: Roles
    """Who may act."""
