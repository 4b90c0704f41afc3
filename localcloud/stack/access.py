"""How a command reaches a local stack: the variables, completed from what is on this disk and running now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from lifeboat.core.errors import Refused
from localcloud.stack.environment_data import home_region
from localcloud.stack.home import LocalHome
from localcloud.stack.names import require_local
from localcloud.stack.notes import read_note
from localcloud.stack.variables import Endpoints, Variables, variables_of
from localcloud.supervisor.record import ServiceRecord, read_record
from localcloud.supervisor.service import endpoint
from localcloud.supervisor.services import AWS, DATABASES, EDGE, FLY


def exports(stack: str) -> Mapping[str, str]:
    """Return the variables to set for a local stack of the checkout the working directory is in.

    The engine on PATH is the one the stack's last `up` used; nothing is built or started.

    Raises:
        ConfigError: no such local stack.
        Refused: the local cloud was never started, so it has no address.
    """
    return stack_variables(stack, LocalHome.here(), environment=os.environ).set


def stack_variables(
    stack: str, home: LocalHome, *, environment: Mapping[str, str], engine: Path | None = None
) -> Variables:
    """Return the variables of a local stack.

    Args:
        stack: a local stack.
        home: its checkout.
        environment: the environment they are meant for.
        engine: directory that holds `pulumi`; without it the one of the last `up`, or PATH as it is.

    Raises:
        ConfigError: no such local stack.
        Refused: the local cloud was never started, so it has no address.
    """
    known = require_local(stack, home)
    return variables_of(
        known,
        home,
        endpoints=Endpoints(aws=aws_endpoint(home), fly=fly_endpoint(home), edge=edge_endpoint(home)),
        region=home_region(known, home),
        engine=engine or read_note(known, home).engine_directory(),
        environment=environment,
    )


def aws_endpoint(home: LocalHome) -> str:
    """Return the address of the local AWS cloud, which stays the same while it is down.

    Raises:
        Refused: it was never started.
    """
    return _service(AWS, home).endpoint


def fly_endpoint(home: LocalHome) -> str:
    """Return the address of the local Fly's APIs, which stays the same while it is down.

    Raises:
        Refused: it was never started.
    """
    return _service(FLY, home).endpoint


def databases_endpoint(home: LocalHome) -> str:
    """Return the address of the service behind the local databases, which stays the same while it is down.

    Raises:
        Refused: it was never started.
    """
    return _service(DATABASES, home).endpoint


def edge_endpoint(home: LocalHome) -> str:
    """Return the address of the local Fly's edge: it takes requests for every app, told apart by host name.

    Raises:
        Refused: it was never started.
    """
    return endpoint(_service(FLY, home).doors[EDGE])


def _service(name: str, home: LocalHome) -> ServiceRecord:
    record = read_record(home.cloud.record)
    for service in record.services if record is not None else ():
        if service.name == name:
            return service
    raise Refused(
        f"the local cloud's {name} was never started here, so it has no address",
        hint="start it with `lifeboat down` and `lifeboat up`",
    )
