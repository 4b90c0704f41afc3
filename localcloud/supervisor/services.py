"""The declared services of the local cloud, in the order they are started; ended in reverse."""

from __future__ import annotations

import sys

from localcloud.supervisor.service import Service

AWS = "aws"
FLY = "fly"
EDGE = "edge"
"""The door of the emulated Fly through which apps are reached."""

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
    Service(
        name=FLY,
        command=(
            sys.executable,
            "-m",
            "localcloud.fly",
            "--port",
            "{port}",
            "--port-file",
            "{port_file}",
            "--proxy-port",
            "{edge_port}",
            "--state-file",
            "{state_file}",
            "--directory",
            "{data_directory}",
            "--lifeline",
        ),
        doors=(EDGE,),
    ),
)
"""What `up` starts."""

TABLE = "localcloud.supervisor.services:DECLARED"
"""The name a supervisor process finds the table above by."""
