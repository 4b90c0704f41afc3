"""`make bench`: every figure the project promises, measured now, with its limit."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table

from tools.bench.command import measure_help
from tools.bench.figure import Figure
from tools.bench.memory import measure_memory
from tools.bench.preview import measure_preview

FINDINGS = 10


def main() -> int:
    """Measure, print, and return 10 when a limit is passed."""
    figures = [*measure_help(rounds=15), *measure_preview(rounds=7), *measure_memory()]
    Console(soft_wrap=True).print(_table(figures))
    return 0 if all(figure.is_kept for figure in figures) else FINDINGS


def _table(figures: list[Figure]) -> Table:
    table = Table("figure", "measured", "limit", "kept", "from")
    for figure in figures:
        limit = "-" if figure.limit is None else f"{figure.limit:g} {figure.unit}"
        kept = "yes" if figure.is_kept else "NO"
        table.add_row(figure.name, f"{figure.value:.1f} {figure.unit}", limit, kept, figure.detail)
    return table


if __name__ == "__main__":
    sys.exit(main())
