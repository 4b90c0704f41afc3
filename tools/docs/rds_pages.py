"""The generated page about RDS: which of its operations are emulated, and why the others are refused."""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.coverage import Coverage, service_coverage


def rds_page() -> str:
    """Return the page of the local RDS's operations."""
    report = service_coverage("rds")
    emulated = _names(report, Coverage.REPAIRED) + _names(report, Coverage.IMPLEMENTED)
    refused = _names(report, Coverage.NOT_EMULATED)
    reasons, repairs = _texts(report, "reasons"), _texts(report, "repairs")
    lines = [
        "# The local RDS: coverage\n",
        f"RDS has {len(emulated) + len(refused)} operations; {len(emulated)} are emulated, the others answer",
        "`NotSupportedByLocalCloud` (501) and never a false success. The same as JSON:",
        "`GET /_lifeboat/coverage`. How databases behave:",
        "[local databases](../explanation/local-databases.md).\n",
        "## Emulated\n",
        *(f"- `{name}`" for name in sorted(emulated)),
        "\n## Refused\n",
        "| operation | reason |",
        "|---|---|",
        *(f"| `{name}` | {reasons.get(name, 'not emulated')} |" for name in sorted(refused)),
        "\n## What is repaired of moto\n",
        "| repair | what |",
        "|---|---|",
        *(f"| `{name}` | {what} |" for name, what in sorted(repairs.items())),
    ]
    return "\n".join(lines) + "\n"


def _names(report: Mapping[str, object], kind: Coverage) -> list[str]:
    found = report[kind.value]
    return [str(name) for name in found] if isinstance(found, list) else []


def _texts(report: Mapping[str, object], key: str) -> dict[str, str]:
    found = report[key]
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, Mapping) else {}
