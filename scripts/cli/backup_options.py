"""Options that several commands of `lifeboat backup` have."""

from __future__ import annotations

from pathlib import Path

import click

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON envelope.")
region_option = click.option(
    "--region",
    default="",
    help="This region's bucket; default: the primary region's, else one that answers.",
)
spool_option = click.option(
    "--spool", type=click.Path(path_type=Path, file_okay=False), help="Directory for what is needed on disk."
)
limit_option = click.option(
    "--spool-limit", "limit_mib", type=click.IntRange(min=1), metavar="MIB", help="Most it may hold, in MiB."
)
jobs_option = click.option(
    "--jobs", type=click.IntRange(1, 32), help="Tables and parts at once; default: one per core, at most 4."
)
