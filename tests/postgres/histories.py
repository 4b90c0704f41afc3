"""Whole histories, drawn from a seed: clients write, something happens, and what is left is compared.

What must hold of a moment: every row acknowledged before it is there, no row sent after it is. At a quiet
moment, when no row is under way, that is one set exactly. A commit carries the machine's time, taken before
its record is written; the client is told after. So a row acknowledged before a moment has a commit time
before it, and so has every commit written before it: a recovery that ends at the first commit of that time or
a later one has passed all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random  # noqa: TID251  seeded: a run can be repeated

from localcloud.postgres.lag import measure_lag
from localcloud.postgres.processes import processes_of
from localcloud.postgres.replica import cut_link, promote, set_delay, start_replica
from localcloud.postgres.restore import restore_to
from localcloud.postgres.server import Server
from localcloud.postgres.standby import fail_over, start_standby
from localcloud.postgres.window import latest_restorable_at
from tests.postgres.backed_up import CLOCK, LONG_S, archived_server, back_up, hand_over
from tests.postgres.databases import Databases
from tests.postgres.writing import History, make_table, rows_in, wait_for, writing


@dataclass(frozen=True, slots=True)
class Draw:
    """What a seed decides."""

    random: Random

    @classmethod
    def of(cls, seed: int) -> Draw:
        """Return the draws of a seed."""
        return cls(Random(seed))

    @property
    def major(self) -> int:
        """A version."""
        return self.random.choice((16, 18))

    @property
    def clients(self) -> int:
        """How many clients write."""
        return self.random.randint(1, 4)

    @property
    def pause_s(self) -> float:
        """How long a client waits between two rows."""
        return self.random.choice((0.0, 0.002, 0.01))

    @property
    def rows(self) -> int:
        """How many rows are waited for."""
        return self.random.randint(1, 80)


def restored_to_moments(databases: Databases, seed: int) -> None:
    """Restore to a drawn moment, and to a quiet one if there was any.

    Raises:
        AssertionError: other rows came back.
    """
    draw = Draw.of(seed)
    server, archive = archived_server(databases, major=(major := draw.major))
    make_table(server)
    with writing(server, clients=draw.clients, pause_s=draw.pause_s) as history:
        wait_for(history, draw.rows)
        earliest_at = back_up(server, archive).facts.finished_at
        for _ in range(draw.random.randint(1, 3)):
            wait_for(history, draw.rows)
            hand_over(server, archive)
    latest_at = latest_restorable_at(archive)
    assert latest_at is not None
    drawn = earliest_at + (latest_at - earliest_at) * draw.random.random()
    quiet = [moment for moment in history.quiet_moments() if earliest_at <= moment <= latest_at]
    for name, moment in {"drawn": drawn, "quiet": draw.random.choice([*quiet, latest_at])}.items():
        target = databases.server(name, major=major)
        restore_to(archive, target, moment)
        got = rows_in(target)
        assert history.acknowledged(before=moment) <= got <= history.sent(moment), (seed, name)
        assert moment not in quiet or got == history.acknowledged(before=moment), (seed, name)
        target.kill()


def promoted_after_fencing(databases: Databases, seed: int) -> None:
    """Fence a primary whose replica is behind for a drawn reason, and promote.

    Raises:
        AssertionError: something that had been replayed is gone, or the lag said another loss.
    """
    draw = Draw.of(seed)
    primary, _ = archived_server(databases, major=(major := draw.major))
    make_table(primary)
    clients = draw.clients
    replica = databases.server("replica", major=major)
    start_replica(primary, replica, slot="replica_1")
    with writing(primary, clients=clients, pause_s=draw.pause_s) as history:
        wait_for(history, draw.rows)
        _fall_behind(replica, draw)
        wait_for(history, draw.rows)
        primary.kill()
    fenced_at = CLOCK.now()
    replayed, lag = rows_in(replica), measure_lag(replica, primary)
    promoted = promote(replica)
    got, moment = rows_in(replica), promoted.replayed_at or lag.replayed_at
    assert replayed <= got, seed
    # Several clients' commits may be written in another order than that of their times.
    sent_before = moment if clients == 1 else fenced_at
    assert history.acknowledged(before=moment) <= got <= history.sent(sent_before), seed


def _fall_behind(replica: Server, draw: Draw) -> None:
    match draw.random.choice(("not", "cut", "delayed")):
        case "cut":
            cut_link(replica)
        case "delayed":
            set_delay(replica, draw.random.uniform(0.05, 60))


def failed_over(databases: Databases, seed: int) -> None:
    """Fail over to the standby at a drawn point, the primary alive or killed in a drawn way.

    Raises:
        AssertionError: an acknowledged row is gone, or one is there that nobody sent.
    """
    draw = Draw.of(seed)
    primary, archive = archived_server(databases, major=(major := draw.major))
    make_table(primary)
    standby = databases.server("standby", major=major)
    start_standby(primary, standby, archive, interval_s=LONG_S)
    with writing(primary, clients=draw.clients, pause_s=draw.pause_s) as history:
        wait_for(history, draw.rows)
        _strike(primary, draw)
        fail_over(primary, standby)
        # Nobody is left who could acknowledge. When a client heard of its last row says nothing of that: it
        # may have been told before the failover and have come to note it after.
        assert processes_of(primary.data) == (), seed
    _check_all(history, rows_in(standby), seed)


def _strike(primary: Server, draw: Draw) -> None:
    match draw.random.choice(("nothing", "machine", "postmaster")):
        case "machine":
            primary.kill()
        case "postmaster":
            primary.kill(postmaster_only=True)


def _check_all(history: History, got: set[int], seed: int) -> None:
    assert history.acknowledged() <= got <= {row.id for row in history.rows}, seed
