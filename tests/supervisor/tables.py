"""Tables of services that supervisors under test are started with."""

import sys
from pathlib import Path

from lifeboat.core.retry import RetryPolicy
from localcloud.supervisor.service import Service

CHILD = Path(__file__).with_name("child.py")
QUICK = RetryPolicy(max_attempts=3, deadline_s=30.0, first_wait_s=0.05, max_wait_s=0.1)


def service(name: str, mode: str) -> Service:
    files = ("--port", "{port}", "--port-file", "{port_file}", "--state-file", "{state_file}")
    return Service(
        name=name,
        command=(sys.executable, "-S", str(CHILD), *files, "--mode", mode),
        ready_timeout_s=20.0,
        stop_timeout_s=1.0,
        restarts=QUICK,
    )


STEADY = (service("one", "steady"), service("two", "steady"))
CRASHING = (service("one", "steady"), service("two", "crash"))
REFUSING = (service("one", "refuse"),)
SLOW = (service("one", "slow"),)
DEAF = (service("one", "deaf"),)
