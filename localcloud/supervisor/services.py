"""The declared services of the local cloud, in the order they are started; ended in reverse."""

from __future__ import annotations

import sys

from localcloud.supervisor.service import Service

DATABASES = "databases"
AWS = "aws"
FLY = "fly"
EDGE = "edge"
"""The door of the emulated Fly through which apps are reached."""

DECLARED: tuple[Service, ...] = (
    Service(
        name=DATABASES,
        command=(
            sys.executable,
            "-m",
            "localcloud.postgres",
            "--port",
            "{port}",
            "--port-file",
            "{port_file}",
            "--state-file",
            "{state_file}",
            "--directory",
            "{data_directory}",
            "--lifeline",
        ),
        # It waits for every server's last checkpoint.
        stop_timeout_s=20.0,
    ),
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
            "--databases",
            "{databases_url}",
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
