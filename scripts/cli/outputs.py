"""`lifeboat outputs`: the contract of an environment, with where it was read and how old that copy is."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.contract import Contract
from lifeboat.core.envelope import success
from lifeboat.core.project import find_project
from lifeboat.core.units import format_duration
from scripts.cli.stack import stack_option


@click.command()
@stack_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
def outputs(stack: str, as_json: bool) -> None:
    """Show the contract of a stack, and where it was read.

    Sources in order: the manifest object in the recovery region, `pulumi stack output`, the checkpoint file.
    """
    from scripts.observe.contract import observe_contract

    reading = observe_contract(stack, find_project(Path.cwd()))
    age = format_duration(SystemClock().now() - reading.written_at) if reading.written_at else "unknown"
    if as_json:
        data = {
            "source": reading.source,
            "written_at": reading.written_at.isoformat() if reading.written_at else None,
            "age": age,
            "contract": reading.contract.model_dump(mode="json"),
        }
        click.echo(json.dumps(success("outputs", data, warnings=reading.passed_over), indent=2))
        return
    for reason in reading.passed_over:
        click.echo(f"warning: {reason}", err=True)
    click.echo(f"read from {reading.source}, {age} old", err=True)
    for label, value in _rows(reading.contract):
        click.echo(f"{label:<24} {value}")


def _rows(contract: Contract) -> list[tuple[str, str]]:
    topology, objectives = contract.topology, contract.objectives
    rows = [
        ("environment", f"{contract.product} {contract.environment} (stack {contract.stack})"),
        ("regions", f"primary {topology.primary_region}, recovery {topology.recovery_region}"),
        ("objectives", f"RTO {objectives.rto_minutes} min, RPO {objectives.rpo_minutes} min"),
    ]
    for region, database in contract.databases.items():
        where = f"{database.identifier} at {database.address}:{database.port}"
        rows.append((f"database {region}", f"{database.role} {where}"))
    for region, bucket in contract.backups.buckets.items():
        rows.append((f"backups {region}", bucket.name))
    for name, entry in contract.secrets.items():
        rows.append((f"secret {name}", f"{entry.name} in {', '.join(entry.arns)}"))
    for region, names in contract.alarms.names.items():
        rows.append((f"alarms {region}", str(len(names))))
    for duty, arn in contract.roles.items():
        rows.append((f"role {duty}", arn))
    rows.append(("manifest", f"s3://{contract.manifest.bucket}/{contract.manifest.key}"))
    return rows
