"""What looks after an instance besides its server: its backups here and elsewhere, links, standby."""

from __future__ import annotations

from dataclasses import dataclass

from localcloud.postgres.away_backups import AwayBackups
from localcloud.postgres.backups import Backups
from localcloud.postgres.pairs import Pairs
from localcloud.postgres.replication import Replication


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepers:
    """Those of one service."""

    backups: Backups
    replication: Replication
    pairs: Pairs
    away: AwayBackups
