"""How far a replica is behind its primary: asked of both, never assumed from a link that is up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg

from localcloud.postgres.segment import read_lsn
from localcloud.postgres.server import Server

_STATE = """
select pg_last_wal_replay_lsn()::text,
       coalesce(pg_last_xact_replay_timestamp(), pg_postmaster_start_time()),
       clock_timestamp(),
       exists (select from pg_stat_wal_receiver where status = 'streaming')
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a replica is behind.

    Args:
        lag_s: seconds since the last transaction it has replayed ended on the primary; 0 when it has replayed
            everything the primary has. An upper bound: the next transaction may have ended later.
        replayed_at: when that transaction ended; the replica's start when it has replayed none since.
        is_linked: the primary's log arrives.
    """

    lag_s: float
    replayed_at: datetime
    is_linked: bool


def measure_lag(replica: Server, primary: Server) -> Lag:
    """Measure a running replica.

    Args:
        replica: running.
        primary: one that does not answer cannot say that all of its log has arrived, so the time counts.

    Raises:
        psycopg.Error: the replica does not answer.
    """
    primary_lsn = _written(primary)
    ((replayed, replayed_at, now, is_linked),) = replica.query(_STATE)
    is_behind = primary_lsn is None or read_lsn(replayed) < primary_lsn
    lag_s = max(0.0, (now - replayed_at).total_seconds()) if is_behind else 0.0
    return Lag(lag_s=lag_s, replayed_at=replayed_at, is_linked=is_linked)


def lag_s(replica: Server, primary: Server) -> float:
    """Return the seconds a running replica is behind, see `Lag`."""
    return measure_lag(replica, primary).lag_s


def _written(primary: Server) -> int | None:
    try:
        ((lsn,),) = primary.query(
            "select coalesce(pg_last_wal_replay_lsn(), pg_current_wal_flush_lsn())::text", timeout_s=1.0
        )
    except psycopg.Error:
        return None
    return read_lsn(lsn)
