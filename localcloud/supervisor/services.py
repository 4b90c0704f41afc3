"""The declared services of the local cloud, in the order they are started; ended in reverse."""

from __future__ import annotations

import sys

from localcloud.supervisor.service import Service

AWS = "aws"

DECLARED: tuple[Service, ...] = (
    Service(
        name=AWS,
        command=(
            sys.executable,
            "-m",
            "localcloud.aws",
            "--port",
            "{port}",
            "--port-file",
            "{port_file}",
            "--state-file",
            "{state_file}",
            "--lifeline",
        ),
    ),
)
"""What `up` starts."""

TABLE = "localcloud.supervisor.services:DECLARED"
"""The name a supervisor process finds the table above by."""
