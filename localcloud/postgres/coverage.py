"""What the service can do and what it refuses, as data: taken from what is there."""

from __future__ import annotations

from localcloud.postgres.binaries import Binaries
from localcloud.postgres.fault_spec import FaultKind

LIMITS = (
    "the clock of a PostgreSQL server is this machine's: a fault cannot skew it",
    "tested on Linux only",
)
"""What cannot be shown here; docs/explanation/local-databases.md says more."""


def coverage_report() -> dict[str, object]:
    """Return the report as JSON values."""
    versions = {str(major): Binaries.of(major).version for major in Binaries.majors()}
    return {
        "versions": versions,
        "faults": {kind.value: kind.effect for kind in FaultKind},
        "limits": list(LIMITS),
    }
