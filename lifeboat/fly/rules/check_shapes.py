"""The shapes of health checks: those of a service, which gate routing, and top-level ones, which report.

Source: `fly.MachineServiceCheck` and `fly.MachineCheck` of the Machines API description.
"""

from __future__ import annotations

from lifeboat.fly.rules.leaves import Choice, Flag, Length, Shape, Text, Whole
from lifeboat.fly.rules.nesting import WORDS, ListOf, Struct

MAX_PORT = 65535

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_COMMON: dict[str, Shape] = {
    "grace_period": Length(),
    "headers": ListOf(item=Struct(keys={"name": Text(), "values": WORDS}, required=("name",))),
    "interval": Length(),
    "method": Choice(of=METHODS, default="GET", upper=True),
    "path": Text(absolute_path=True),
    "port": Whole(least=1, most=MAX_PORT),
    "protocol": Choice(of=("http", "https"), default="http"),
    "timeout": Length(),
    "tls_server_name": Text(),
    "tls_skip_verify": Flag(),
    "type": Choice(of=("tcp", "http")),
}

SERVICE_CHECK = Struct(
    keys=_COMMON, required=("type",), elsewhere={"http_path": "path", "http_method": "method"}
)

MACHINE_CHECK = Struct(
    keys={**_COMMON, "kind": Choice(of=("informational", "readiness"), default="informational")},
    required=("type", "port"),
)
