"""The database restore as a procedure: its step kinds, its look at the world, and `python -m` entry."""

from __future__ import annotations

import functools
import os
import sys
from datetime import datetime
from pathlib import Path

from lifeboat.core.contract import Contract
from lifeboat.core.project import find_project
from lifeboat.fly.client import FlyClient, FlySettings
from scripts.actions.app_answers import AppAnswers
from scripts.actions.app_pause import PauseApp, WakeOnAbort
from scripts.actions.app_resume import ResumeApp
from scripts.actions.backup_login import authority_of
from scripts.actions.backups_replication import ReplicateBackups
from scripts.actions.database_aside import PutAside
from scripts.actions.database_content import LookInside
from scripts.actions.database_copy import CheckCopy, HoldCopy
from scripts.actions.database_create import CreateInstance
from scripts.actions.database_hands import Hands
from scripts.actions.database_in_place import PutInPlace
from scripts.actions.database_load import LoadCopy
from scripts.actions.database_login import MasterLogin, RoleLogin
from scripts.actions.database_mark import MarkOld
from scripts.actions.database_measure import Measure
from scripts.actions.database_reboot import RebootWhenPending
from scripts.actions.database_replica import MakeReplica
from scripts.actions.database_restore import RestoreSnapshot, RestoreToMoment
from scripts.actions.database_sessions import SqlSessions
from scripts.actions.database_settings import ApplySettings
from scripts.actions.database_snapshot import TakeSnapshot
from scripts.actions.pulumi_stacks import PulumiStacks
from scripts.actions.state_follow import FollowNew
from scripts.actions.state_preview import PreviewStack
from scripts.engine.plan import Plan
from scripts.engine.procedure import Procedure
from scripts.engine.step_kind import Kinds
from scripts.observe.app_health import AppHealth
from scripts.observe.aws import boto_clients
from scripts.observe.databases import observe_databases
from scripts.plans.database_restore import fingerprint
from scripts.plans.restore_request import BackupId, request_of
from scripts.restore_world import look_for_copies


def restore_kinds(hands: Hands) -> Kinds:
    """Return every step kind of a restore."""
    kinds = (
        RestoreToMoment,
        RestoreSnapshot,
        HoldCopy,
        CheckCopy,
        CreateInstance,
        LoadCopy,
        ApplySettings,
        RebootWhenPending,
        MasterLogin,
        RoleLogin,
        LookInside,
        MarkOld,
        PutAside,
        PutInPlace,
        Measure,
        TakeSnapshot,
        MakeReplica,
        ReplicateBackups,
        FollowNew,
        PreviewStack,
    )
    apps = (
        WakeOnAbort(hands.fly),
        PauseApp(hands.fly),
        ResumeApp(hands.fly),
        AppAnswers(hands.health),
    )
    return Kinds((*apps, *(kind(hands) for kind in kinds)))


def procedure(contract: Contract, plan: Plan, hands: Hands) -> Procedure:
    """Return the procedure that goes on with a plan.

    Args:
        contract: the environment as it is now.
        plan: the plan.
        hands: what the kinds work with.
    """
    at = datetime.fromisoformat(str(plan.request["at"]))

    def look_again() -> str:
        request = request_of(plan.request)
        world = observe_databases(contract.topology.regions, hands.clients)
        if isinstance(request.point, BackupId):
            look_for_copies(contract, world, request, hands.backups)
        return fingerprint(contract, world, request, at)

    return Procedure(kinds=restore_kinds(hands), fingerprint=look_again)


def open_restore(contract: Contract, plan: Plan) -> Procedure:
    """Return the procedure at work on AWS, as the command line finds it."""
    return procedure(contract, plan, real_hands())


def real_hands() -> Hands:
    """Return the hands of this process.

    Raises:
        ConfigError: nobody vouches for the databases' certificates here.
    """
    return Hands(
        clients=boto_clients(),
        sessions=SqlSessions(),
        authority=authority_of(os.environ),
        fly=_fly_client,
        health=lambda: AppHealth.from_environment(os.environ),
        stacks=PulumiStacks(project=find_project(Path.cwd())),
    )


@functools.cache
def _fly_client() -> FlyClient:
    """Return the process's client, made when the first step asks: an environment may have no Fly."""
    return FlyClient(FlySettings.from_environment(os.environ))


def main() -> None:
    """Run `lifeboat database restore` with the arguments given."""
    from scripts.cli.main import run

    sys.exit(run(["database", "restore", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
