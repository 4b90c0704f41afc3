"""The world as the planner of a restore sees it: RDS, logical copies, and for one copy what depends on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from lifeboat.core.contract import Contract
from lifeboat.core.errors import LifeboatError
from scripts.actions.backup_databases import list_databases
from scripts.actions.backup_login import Login, authority_of, read_master
from scripts.actions.backup_reading import read_listing
from scripts.actions.backup_restore_set import current_versions
from scripts.actions.backup_store import open_backup_store
from scripts.actions.database_hands import OpenBackups
from scripts.engine.objects import StoreUnavailable
from scripts.observe.aws import Clients, boto_clients
from scripts.observe.databases import SeenRegion, observe_databases
from scripts.plans.restore_request import BackupId, RestoreRequest

AskDatabases = Callable[[Contract], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """What the looking is done with.

    Args:
        clients: AWS.
        backups: opens a bucket of backups.
        databases: asks the primary instance which databases it has.
    """

    clients: Clients
    backups: OpenBackups
    databases: AskDatabases


def real_eyes() -> Eyes:
    """Return the eyes of this process."""
    clients = boto_clients()
    return Eyes(
        clients=clients,
        backups=open_backup_store,
        databases=partial(ask_databases, clients, lambda: authority_of(os.environ)),
    )


def observe_world(contract: Contract, request: RestoreRequest, eyes: Eyes) -> dict[str, SeenRegion]:
    """Look at everything a plan may rest on; what does not answer is said and passed over.

    Raises:
        SaidNo: a region answered and does not let us look.

    Effects: reads RDS and a bucket of backups; for a logical copy the stages of secrets as well, and which
        databases the primary has.
    """
    world = observe_databases(contract.topology.regions, eyes.clients)
    look_for_copies(contract, world, request, eyes.backups)
    primary = contract.topology.primary_region
    if not isinstance(request.point, BackupId) or primary not in contract.databases:
        return world
    versions = current_versions(contract, partial(eyes.clients, "secretsmanager"), [])
    world[primary] = replace(world[primary], secret_versions=versions)
    if not request.into and not world[primary].unreachable:
        try:
            world[primary] = replace(world[primary], databases=eyes.databases(contract))
        except LifeboatError:
            # Often it is what is broken: the plan says that nobody knows.
            return world
    return world


def look_for_copies(
    contract: Contract, world: dict[str, SeenRegion], request: RestoreRequest, backups: OpenBackups
) -> None:
    """Read the bucket of the primary region, else the other one, which holds copies of the copies.

    The second is read as well when the first does not have the one that was asked for. A region whose RDS
    gave no answer comes last: its bucket would most likely cost a long wait for nothing.

    Effects: lists and reads objects; changes `world`.
    """
    primary = contract.topology.primary_region
    wanted = request.point.id if isinstance(request.point, BackupId) else None
    known = [region for region in contract.backups.buckets if region in world]
    for region in sorted(known, key=lambda each: (bool(world[each].unreachable), each != primary)):
        store = backups(contract.environment, contract.backups.buckets[region].name, region)
        try:
            copies = read_listing(store).backups
        except StoreUnavailable as error:
            world[region] = replace(world[region], copies_unread=error.message)
            continue
        world[region] = replace(world[region], copies=copies)
        if wanted in (None, *(one.id for one in copies)):
            return


def ask_databases(clients: Clients, authority: Callable[[], str], contract: Contract) -> tuple[str, ...]:
    """Return the databases of the primary instance that are worth a copy.

    Args:
        clients: AWS.
        authority: tells who vouches for the server's certificate.
        contract: the environment.

    Raises:
        Refused: it cannot be asked.
        ConfigError: nobody vouches for its certificate here.

    Effects: reads the master's secret; logs in.
    """
    topology = contract.topology
    declared = contract.databases[topology.primary_region]
    regions = (topology.primary_region, topology.recovery_region)
    user, password = read_master(partial(clients, "secretsmanager"), declared.master_secret, regions)
    login = Login(
        address=declared.address,
        port=declared.port,
        user=user,
        password=password,
        authority=authority(),
    )
    return list_databases(login, declared.name)
