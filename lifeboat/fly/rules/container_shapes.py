"""The shapes of the processes and containers inside a machine, and of the files written into it.

Source: `fly.MachineProcess`, `fly.ContainerConfig`, `fly.File` of the Machines API description. Health checks
of containers count in whole seconds, unlike all other lengths of time of a machine.
"""

from __future__ import annotations

from lifeboat.fly.rules.leaves import Anything, Choice, Flag, Shape, Text, Whole
from lifeboat.fly.rules.nesting import TEXTS, WORDS, ListOf, Struct

_FIELDS = ("id", "version", "app_name", "private_ip", "region", "image")

_ENV_FROM = ListOf(
    item=Struct(keys={"env_var": Text(), "field_ref": Choice(of=_FIELDS)}, required=("env_var",))
)

_SECRETS = ListOf(item=Struct(keys={"env_var": Text(), "name": Text()}, required=("env_var",)))

_COMMAND: dict[str, Shape] = {
    "cmd": WORDS,
    "entrypoint": WORDS,
    "env": TEXTS,
    "env_from": _ENV_FROM,
    "exec": WORDS,
    "secrets": _SECRETS,
    "user": Text(),
}

FILE = Struct(
    keys={
        "guest_path": Text(absolute_path=True),
        "image_config": Text(),
        "mode": Whole(default=0),
        "raw_value": Text(default=None),
        "secret_name": Text(),
    },
    required=("guest_path",),
)

PROCESS = Struct(keys={**_COMMAND, "ignore_app_secrets": Flag()})

_HEALTHCHECK = Struct(
    keys={
        "exec": Struct(keys={"command": WORDS}),
        "failure_threshold": Whole(),
        "grace_period": Whole(),
        "http": Anything(),
        "interval": Whole(),
        "kind": Choice(of=("readiness", "liveness")),
        "name": Text(),
        "success_threshold": Whole(),
        "tcp": Struct(keys={"port": Whole(least=1, most=65535)}),
        "timeout": Whole(),
        "unhealthy": Choice(of=("stop",)),
    }
)

_DEPENDENCY = Struct(
    keys={"condition": Choice(of=("exited_successfully", "healthy", "started")), "name": Text()},
    required=("name",),
)

CONTAINER = Struct(
    keys={
        **_COMMAND,
        "depends_on": ListOf(item=_DEPENDENCY),
        "files": ListOf(item=FILE),
        "healthchecks": ListOf(item=_HEALTHCHECK),
        "image": Text(),
        "name": Text(),
        "restart": Anything(),
        "stop": Anything(),
    },
    required=("image",),
)
