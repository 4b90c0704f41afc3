"""The preflight of a database restore at work: what it looks with; `restore_preflight` judges what it saw."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from botocore.config import Config

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.errors import WorldChanged
from scripts.actions.backup_login import Login, authority_of, read_master
from scripts.actions.backup_spool import RESERVE_BYTES
from scripts.engine.check import Check
from scripts.engine.plan import Plan
from scripts.observe.aws import CONFIG, Clients, boto_clients
from scripts.observe.disk_room import see_room
from scripts.observe.restore_facts import Senses, observe_restore
from scripts.observe.state_reach import reach_state
from scripts.plans.restore_preflight import region_of, restore_checks

_CONNECT_TIMEOUT_S = 3
_QUICK = CONFIG.merge(Config(read_timeout=6))
"""What takes longer than this is told as unknown, and can be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """What a preflight found.

    Args:
        checks: every answer.
        identity: who we are to AWS; empty when no region said.
    """

    checks: tuple[Check, ...]
    identity: str


def preflight(contract: Contract, plan: Plan, senses: Senses) -> Preflight:
    """Look at everything a planned restore needs.

    Raises:
        WorldChanged: the plan's region is not one of the environment's databases any more.

    Effects: reads, all at once; see `observe_restore`.
    """
    region = region_of(plan)
    if region not in contract.databases:
        raise WorldChanged(
            f"environment {contract.environment} declares no database in {region} any more",
            hint="make a new plan and review it",
        )
    facts = observe_restore(contract, region, senses)
    return Preflight(checks=restore_checks(contract, plan, facts), identity=facts.identity)


def real_senses(contract: Contract, plan: Plan, project: Path) -> Senses:
    """Return the senses of this process.

    Args:
        contract: the environment.
        plan: what will be run; a plan that changes the Pulumi state needs its CLI.
        project: the folder that holds Pulumi.yaml.
    """
    clients = boto_clients(_QUICK)
    through_cli = any(step.kind.startswith("state-") for step in plan.steps)
    backend_url = os.environ.get("PULUMI_BACKEND_URL", "")
    return Senses(
        clients=clients,
        clock=SystemClock(),
        connect=lambda: connect_primary(contract, clients, authority_of(os.environ)),
        state=partial(reach_state, contract.stack, backend_url, project, through_cli=through_cli),
        room=partial(see_room, Path(tempfile.gettempdir()), reserve_bytes=RESERVE_BYTES),
    )


def connect_primary(
    contract: Contract, clients: Clients, authority: str
) -> psycopg.Connection[tuple[Any, ...]]:
    """Connect to the primary as its master user, or find out within seconds that this cannot be done.

    Args:
        contract: the environment.
        clients: AWS.
        authority: who vouches for the server's certificate.

    Raises:
        Refused: no region gave the secret, or the server did not let us in.

    Effects: reads the master's secret, from the recovery region when it answers.
    """
    topology = contract.topology
    declared = contract.databases[topology.primary_region]
    user, password = read_master(
        partial(clients, "secretsmanager"),
        declared.master_secret,
        (topology.recovery_region, topology.primary_region),
    )
    login = Login(
        address=declared.address, port=declared.port, user=user, password=password, authority=authority
    )
    return login.connect(declared.name or "postgres", connect_timeout_s=_CONNECT_TIMEOUT_S)
