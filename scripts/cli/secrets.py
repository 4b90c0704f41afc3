"""`lifeboat secrets`: list, set and generate secret values.

Values come from standard input or a generator and go to Secrets Manager; they are never an argument (argv is
visible to every process), never printed, never in the state.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifeboat.core.clock import SystemClock
from lifeboat.core.envelope import success
from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project
from lifeboat.core.secret import Secret
from scripts.cli.stack import stack_option

if TYPE_CHECKING:
    from lifeboat.core.contract import Contract, SecretEntry


@click.group()
def secrets() -> None:
    """List, set and generate secret values; they go to Secrets Manager and nowhere else."""


@secrets.command("list")
@stack_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
def list_secrets(stack: str, as_json: bool) -> None:
    """Show which secrets have a value, since when, and where their replicas are; never a value."""
    from scripts.observe.secret_state import observe_secret

    contract = _contract(stack)
    rows = []
    for entry in contract.secrets.values():
        state = observe_secret(_client("secretsmanager", contract.topology.regions[0]), entry.name)
        rows.append(
            {
                "name": entry.name,
                "purpose": entry.purpose,
                "set": state.current_version is not None,
                "changed_at": state.changed_at.isoformat() if state.changed_at else None,
                "generated": entry.generated,
                "rotation_days": entry.rotation_days,
                "replicas": list(state.replica_regions),
            }
        )
    if as_json:
        click.echo(json.dumps(success("secrets", rows), indent=2))
        return
    for row in rows:
        mark = "set  " if row["set"] else "EMPTY"
        source = "generated" if row["generated"] else "operator "
        click.echo(f"{mark} {source} {row['name']:<48} {row['purpose']}")


@secrets.command("set")
@click.argument("name")
@stack_option
def set_secret(name: str, stack: str) -> None:
    """Set the value of secret NAME, read from standard input (or asked for, hidden, on a terminal)."""
    from scripts.actions.secret_value import put_current

    contract = _contract(stack)
    entry = _entry(contract, name)
    if sys.stdin.isatty():
        value = str(click.prompt(entry.name, hide_input=True, confirmation_prompt=True, err=True))
    else:
        value = sys.stdin.read().removesuffix("\n")
    if not value:
        raise ConfigError(f"secret {entry.name}: the value is empty", hint="hand it in on standard input")
    client = _client("secretsmanager", contract.topology.regions[0])
    if entry.database_role is None:
        put_current(client, entry.name, Secret(value))
    else:
        _rotate_role(client, contract, entry, Secret(value))
    click.echo(f"{entry.name}: set", err=True)


@secrets.command("generate")
@stack_option
def generate(stack: str) -> None:
    """Give every generated secret that has no value yet one, the database's master password included."""
    for name in generate_missing(_contract(stack)):
        click.echo(f"{name}: generated", err=True)


def generate_missing(contract: Contract) -> tuple[str, ...]:
    """Generate what is missing and return the names; running it again finds nothing to do."""
    from scripts.actions.master_password import set_master_password
    from scripts.actions.secret_value import generate_value, put_current
    from scripts.observe.secret_state import observe_secret

    client = _client("secretsmanager", contract.topology.regions[0])
    masters = {database.master_secret: region for region, database in contract.databases.items()}
    primary_region = contract.topology.primary_region
    made = []
    # Masters first: roles are made with them.
    for entry in sorted(contract.secrets.values(), key=lambda entry: entry.name not in masters):
        if not entry.generated or observe_secret(client, entry.name).is_settled:
            continue
        if entry.name in masters:
            instance = contract.databases[primary_region].identifier
            rds = _client("rds", primary_region)
            set_master_password(client, rds, secret=entry.name, instance=instance, clock=SystemClock())
        elif entry.database_role is not None:
            _rotate_role(client, contract, entry)
        else:
            put_current(client, entry.name, generate_value())
        made.append(entry.name)
    return tuple(made)


def _rotate_role(client: Any, contract: Contract, entry: SecretEntry, value: Secret | None = None) -> None:  # noqa: ANN401  # boto3 clients have no type
    from scripts.actions.database_role import DatabasePlace, rotate_role

    database = contract.databases[contract.topology.primary_region]
    place = DatabasePlace(
        address=database.address,
        port=database.port,
        name=database.name,
        master_secret=database.master_secret,
    )
    rotate_role(client, place, secret=entry.name, role=entry.database_role or "", value=value)


def _entry(contract: Contract, name: str) -> SecretEntry:
    for short, entry in contract.secrets.items():
        if name in {short, entry.name}:
            return entry
    known = ", ".join(contract.secrets)
    raise ConfigError(f"secret {name!r} is not one of this environment's", hint=f"known: {known}")


def _contract(stack: str) -> Contract:
    from scripts.observe.contract import observe_contract

    return observe_contract(stack, find_project(Path.cwd())).contract


def _client(service: str, region: str) -> Any:  # noqa: ANN401  # boto3 clients have no type
    import boto3

    return boto3.client(service, region_name=region)
