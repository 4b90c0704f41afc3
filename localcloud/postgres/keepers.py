"""What looks after an instance besides its server: its backups, its links to replicas, its standby."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.postgres.backups import Backups
from localcloud.postgres.pairs import Pairs
from localcloud.postgres.replication import Replication


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Those of one service."""

    backups: Backups
    replication: Replication
    pairs: Pairs
