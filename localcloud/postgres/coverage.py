"""What the service can do and what it refuses, as data: taken from what is there."""

from __future__ import annotations

from localcloud.postgres.binaries import Binaries
from localcloud.postgres.fault_spec import REFUSED, FaultKind

LIMITS = (
    "the clock of a PostgreSQL server is this machine's, whatever the cloud's says",
    "tested on Linux only",
)
"""What cannot be shown here; docs/explanation/local-databases.md says more."""


def coverage_report() -> dict[str, object]:
    """Return the report as JSON values."""
    versions = {str(major): Binaries.of(major).version for major in Binaries.majors()}
    return {
        "versions": versions,
        "faults": {kind.value: kind.effect for kind in FaultKind},
        "refused": REFUSED,
        "limits": list(LIMITS),
    }
