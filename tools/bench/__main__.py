"""`make bench`: every figure the project promises, measured now, with its limit."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tools.bench.backup import measure_backup
from tools.bench.command import measure_help
from tools.bench.databases import measure_databases
from tools.bench.figure import Figure
from tools.bench.fly_fleet import measure_fly_fleet
from tools.bench.fly_plan import measure_fly_plan
from tools.bench.forwarder import measure_forwarder
from tools.bench.memory import measure_memory
from tools.bench.planning import measure_planning
from tools.bench.preview import measure_preview
from tools.bench.restore import measure_restore
from tools.scratch_project import CHECKOUT, lay_out_project

FINDINGS = 10


def main() -> int:
    """Measure, print, and return 10 when a limit is passed."""
    figures = [*measure_help(rounds=15), *measure_fly_plan(rounds=9), *measure_planning(rounds=9)]
    figures += [*measure_fly_fleet(), *measure_forwarder(), *measure_databases(), *measure_backup()]
    figures += measure_restore()
    with tempfile.TemporaryDirectory(prefix="lifeboat-bench-") as scratch:
        project = Path(scratch)
        lay_out_project(project)
        try:
            _lifeboat(project, "up", "production")
            figures += [*measure_memory(project), *measure_preview(project, rounds=9)]
        finally:
            _lifeboat(project, "down")
    Console(soft_wrap=True).print(_table(figures))
    return 0 if all(figure.is_kept for figure in figures) else FINDINGS


def _lifeboat(project: Path, *arguments: str) -> None:
    subprocess.run([CHECKOUT / ".venv/bin/lifeboat", *arguments], cwd=project, check=True, stdout=sys.stderr)


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "measured", "limit", "kept", "from")
    for figure in figures:
        limit = "-" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
        kept = "yes" if figure.is_kept else "NO"
        table.add_row(figure.name, f"{figure.value:.1f} {figure.unit}", limit, kept, figure.detail)
    return table


if __name__ == "__main__":
    sys.exit(main())
