"""`lifeboat backup nightly`: everything that has to happen once a night, in one command and one envelope."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.errors import LeaseHeld
from scripts.cli.backup_options import jobs_option, json_option, limit_option, spool_option
from scripts.cli.backup_steps import end, say
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract
    from scripts.engine.lease import Lease

_HINT = "it ends by itself; when its process died, its lock can be taken a minute after its last sign of life"


@click.command()
@stack_option
@spool_option
@limit_option
@jobs_option
@json_option
def nightly(stack: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's
    """Do what a night is for: create, verify, snapshot with its copy, prune, report to the alarms.

    A part that fails does not keep the others from running. Exit code 0 when all went well, 8 when some did,
    10 when the only finding is an age over its limit, 7 when another night is still at work.
    """
    from scripts.cli.backup_night import Night
    from scripts.cli.backup_part import run_part, verdict
    from scripts.cli.backup_places import SpoolOptions, read_contract

    contract = read_contract(stack)
    spool = SpoolOptions(root=options["spool"], limit_mib=options["limit_mib"])
    night = Night(contract=contract, spool=spool, jobs=options["jobs"])
    done = []
    with _only_one(contract) as lease:
        for name, work in night.parts():
            lease.check()
            done.append(run_part(name, work))
    data = {
        "began_at": lease.record.run_id.removeprefix("nightly-"),
        "parts": [
            {
                "name": part.name,
                "ok": part.error is None,
                "exit_code": part.exit_code,
                "message": part.error.message if part.error else "",
                "warnings": part.warnings,
                "data": part.data,
            }
            for part in done
        ],
    }
    lines = [f"{part.name:<10} {part.error.message if part.error else 'ok'}" for part in done]
    end("backup nightly", data, verdict(tuple(done)), lines, as_json)


@contextmanager
def _only_one(contract: Contract) -> Iterator[Lease]:
    """Hold the lock of the nights of an environment, in the first bucket that answers.

    It is not the environment's lease: a recovery never waits for a backup.

    Raises:
        LeaseHeld: another night is at work.
        StoreUnavailable: no bucket answers, so there is nowhere to put a backup either.
    """
    from scripts.engine.heartbeat import Heartbeat
    from scripts.engine.lease import TTL_S

    lease = _acquire(contract)
    with Heartbeat(lease, TTL_S / 3):
        try:
            yield lease
        finally:
            lease.release()


def _acquire(contract: Contract) -> Lease:
    from scripts.cli.backup_night import holder
    from scripts.cli.run_store import open_run_store
    from scripts.engine.lease import EXPIRED, LeaseRequest, acquire
    from scripts.engine.objects import StoreUnavailable

    began_at = SystemClock().now()
    request = LeaseRequest(
        environment=f"{contract.environment}/nightly",
        run_id=f"nightly-{began_at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}",
        holder=holder(),
        take_over=EXPIRED,
    )
    topology = contract.topology
    try:
        try:
            return acquire(open_run_store(contract, topology.primary_region), request)
        except StoreUnavailable as error:
            say(error.message)
            return acquire(open_run_store(contract, topology.recovery_region), request)
    except LeaseHeld as error:
        raise LeaseHeld(error.message, hint=_HINT) from error
