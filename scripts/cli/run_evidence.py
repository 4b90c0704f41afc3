"""`lifeboat run evidence`: the pack of a run that a third party can verify without us, and its keeping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifeboat.core.envelope import success
from lifeboat.core.errors import LifeboatError
from scripts.cli.run_access import json_option, open_runs, region_option
from scripts.cli.stack import stack_option
from scripts.engine.places import check_run_id

if TYPE_CHECKING:
    from scripts.engine.objects import ObjectStore


@click.command()
@click.argument("run_id", metavar="RUN")
@stack_option
@region_option
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="A new file that ends in .zip, or else a directory; default: evidence-RUN.zip here.",
)
@json_option
def evidence(run_id: str, stack: str, region: str, output: Path | None, as_json: bool) -> None:
    """Write the evidence pack of RUN: plan, journal, reports, proofs, versions, and a verifier.

    Works for every run, however it ended. The pack carries `verify_evidence.py`, which proves a pack offline
    with nothing but Python. Exit code 3 when the journal holds what looks like a secret.
    """
    from scripts.evidence.keeping import write_pack
    from scripts.evidence.pack import read_pack

    _, store = open_runs(stack, region)
    pack = read_pack(store, check_run_id(run_id))
    path = output or Path(f"evidence-{run_id}.zip")
    write_pack(pack, path)
    data = {
        "run_id": run_id,
        "path": str(path),
        "files": sorted(pack.files),
        "events": pack.report.events,
        "chain": pack.report.chain,
        "plan_digest": pack.report.plan_digest,
    }
    if as_json:
        click.echo(json.dumps(success("run evidence", data), indent=2))
        return
    click.echo(str(path))
    click.echo(
        f"{pack.report.events} events, chain {pack.report.chain}: note it where nobody can change it",
        err=True,
    )


def keep_evidence(store: ObjectStore, run_id: str) -> None:
    """Store the pack of a run that stopped or ended beside its journal.

    Says on standard error why it could not: evidence that is missing must never hide how a run ended, and can
    be made at any time from the journal.

    Effects: writes one object, unless the very same is there.
    """
    from scripts.evidence.keeping import keep_pack
    from scripts.evidence.pack import read_pack

    try:
        key = keep_pack(store, read_pack(store, run_id))
    except LifeboatError as error:
        click.echo(f"warning: no evidence pack of {run_id} was stored: {error.message}", err=True)
    else:
        click.echo(f"evidence: {store.where}{key}", err=True)
