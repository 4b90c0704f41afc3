"""`lifeboat cloud fault db`: break a database of the local cloud, or cut off those of a region."""

from __future__ import annotations

from typing import Any

import click

from localcloud.commands.answer import answer, json_option
from localcloud.commands.fault_line import fault_line
from localcloud.commands.running_cloud import running_cloud
from localcloud.supervisor.services import DATABASES


@click.command("db")
@click.argument("kind")
@click.option("--region", required=True, help="Where the database is.")
@click.option("--database", "identifier", help="Its identifier; without it, cut meets all of the region.")
@click.option("--delay-s", type=click.FloatRange(min=0), help="How long a replica waits: replica_delay.")
@click.option("--left-bytes", type=click.IntRange(min=0), help="What fill leaves of the storage.")
@click.option("--new", help="What new connections meet in a cut: hang, refuse.")
@click.option("--existing", help="What becomes of connections in a cut: silent, reset, keep.")
@json_option
@click.pass_context
def fault_db(context: click.Context, /, kind: str, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click hands the options over by name
    """Declare a fault of a database; it holds until it is cleared or the cloud ends.

    KIND is one of those `lifeboat cloud coverage databases` lists, such as freeze, crash, cut, archive.
    """
    body = {"kind": kind, **{name: value for name, value in options.items() if value is not None}}
    declared = running_cloud(context)[DATABASES].post("faults", body)
    answer(
        "cloud fault db",
        {"cloud": DATABASES, **declared},
        (fault_line(DATABASES, declared),),
        as_json=as_json,
    )
