"""Everything the preflight of a restore rests on, looked at all at once: a lost region costs one timeout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from lifeboat.core.clock import Clock
from lifeboat.core.contract import Contract
from scripts.observe.aws import Clients
from scripts.observe.caller import Caller, see_caller
from scripts.observe.clock_reading import ClockReading
from scripts.observe.database_clock import Connect, see_database_clock
from scripts.observe.disk_room import DiskRoom
from scripts.observe.restore_groups import (
    ParameterGroup,
    SecurityGroup,
    SubnetGroup,
    see_parameter_group,
    see_security_groups,
    see_subnet_group,
)
from scripts.observe.run_bucket import Protection, holds_conditions, see_protection
from scripts.observe.secret_reach import SecretReach, reach_secret
from scripts.observe.unseen import Unseen, seen

_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """What the looking is done with.

    Args:
        clients: AWS; any thread may ask for one.
        clock: this machine's.
        connect: opens a connection to the primary.
        state: reads the Pulumi state and returns where it was found.
        room: looks at the disk on which a logical copy would be spooled.
    """

    clients: Clients
    clock: Clock
    connect: Connect
    state: Callable[[], str]
    room: Callable[[], DiskRoom]


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreFacts:
    """What was seen; `Unseen` where nobody answered or somebody said no.

    Args:
        callers: by region.
        database_clock: the primary's.
        secrets: every secret that opens the database, in every region.
        subnet_group: None when there is none of the name.
        parameter_group: as above.
        security_groups: those that are there.
        conditions_hold: of the store of runs; None when the contract names no bucket for it.
        protection: as above.
        state: where the Pulumi state was read.
        room: for spooling.
    """

    callers: Mapping[str, Caller | Unseen]
    database_clock: ClockReading | Unseen
    secrets: tuple[SecretReach, ...]
    subnet_group: SubnetGroup | Unseen | None
    parameter_group: ParameterGroup | Unseen | None
    security_groups: tuple[SecurityGroup, ...] | Unseen
    conditions_hold: bool | Unseen | None
    protection: Protection | Unseen | None
    state: str | Unseen
    room: DiskRoom | Unseen

    @property
    def identity(self) -> str:
        """Who we are to AWS; empty when no region said."""
        told = (caller.identity for caller in self.callers.values() if isinstance(caller, Caller))
        return next((identity for identity in told if identity), "")


def observe_restore(contract: Contract, region: str, senses: Senses) -> RestoreFacts:
    """Look at everything a restore into a region needs.

    Args:
        contract: the environment.
        region: where the new instance will be.
        senses: what the looking is done with.

    Effects: reads; of secrets the values too, which are dropped at once. See `run_bucket` for the one write
    that is meant to be refused.
    """
    home, topology = contract.databases[contract.topology.primary_region], contract.topology
    here = contract.databases[region]
    rds, ec2 = senses.clients("rds", region), senses.clients("ec2", region)
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        callers = {each: _ask_caller(pool, each, senses) for each in topology.regions}
        secrets = _reach_secrets(pool, contract, senses.clients)
        clock = pool.submit(seen, partial(see_database_clock, senses.connect, home.identifier, senses.clock))
        subnets = pool.submit(seen, partial(see_subnet_group, rds, region, here.subnet_group))
        parameters = pool.submit(seen, partial(see_parameter_group, rds, region, here.parameter_group))
        groups = pool.submit(seen, partial(see_security_groups, ec2, region, here.security_group_ids))
        state = pool.submit(seen, senses.state)
        bucket = contract.backups.buckets.get(topology.recovery_region)
        s3 = senses.clients("s3", topology.recovery_region)
        conditions = pool.submit(seen, partial(holds_conditions, s3, bucket.name)) if bucket else None
        protection = pool.submit(seen, partial(see_protection, s3, bucket.name)) if bucket else None
    return RestoreFacts(
        callers={each: caller.result() for each, caller in callers.items()},
        database_clock=clock.result(),
        secrets=tuple(each.result() for each in secrets),
        subnet_group=subnets.result(),
        parameter_group=parameters.result(),
        security_groups=groups.result(),
        conditions_hold=conditions.result() if conditions else None,
        protection=protection.result() if protection else None,
        state=state.result(),
        room=seen(senses.room),
    )


def opening_secrets(contract: Contract) -> dict[str, bool]:
    """Return the keys of the secrets that open the database, and whether each is a master's."""
    masters = {database.master_secret for database in contract.databases.values()}
    return {
        key: entry.name in masters
        for key, entry in contract.secrets.items()
        if entry.name in masters or entry.database_role
    }


def _ask_caller(pool: ThreadPoolExecutor, region: str, senses: Senses) -> Future[Caller | Unseen]:
    return pool.submit(seen, partial(see_caller, senses.clients("sts", region), region, senses.clock))


def _reach_secrets(
    pool: ThreadPoolExecutor, contract: Contract, clients: Clients
) -> list[Future[SecretReach]]:
    return [
        pool.submit(
            reach_secret,
            clients("secretsmanager", region),
            key,
            contract.secrets[key].name,
            region,
            is_master=is_master,
        )
        for key, is_master in opening_secrets(contract).items()
        for region in contract.topology.regions
    ]
