"""The shape of a service: what the proxy does with a machine.

Source: `fly.MachineService` of the Machines API description.
"""

from __future__ import annotations

from lifeboat.fly.rules.check_shapes import MAX_PORT, SERVICE_CHECK
from lifeboat.fly.rules.leaves import Anything, Autostop, Choice, Flag, Text, Whole
from lifeboat.fly.rules.nesting import WORDS, ListOf, MapOf, Struct

_HTTP_OPTIONS = Struct(
    keys={
        "compress": Flag(default=None),
        "h2_backend": Flag(default=None),
        "headers_read_timeout": Whole(),
        "idle_timeout": Whole(),
        "replay_cache": ListOf(
            item=Struct(
                keys={
                    "allow_bypass": Flag(),
                    "name": Text(),
                    "path_prefix": Text(),
                    "ttl_seconds": Whole(),
                    "type": Choice(of=("cookie", "header")),
                }
            )
        ),
        "response": Struct(
            keys={"headers": MapOf(item=Anything(), plain=True), "pristine": Flag(default=None)}
        ),
    }
)

_PORT = Struct(
    keys={
        "end_port": Whole(least=1, most=MAX_PORT),
        "force_https": Flag(),
        "handlers": WORDS,
        "http_options": _HTTP_OPTIONS,
        "port": Whole(least=1, most=MAX_PORT),
        "proxy_proto_options": Struct(keys={"version": Text()}),
        "start_port": Whole(least=1, most=MAX_PORT),
        "tls_options": Struct(
            keys={"alpn": WORDS, "default_self_signed": Flag(default=None), "versions": WORDS}
        ),
    }
)

SERVICE = Struct(
    keys={
        "autostart": Flag(default=None),
        "autostop": Autostop(),
        "checks": ListOf(item=SERVICE_CHECK),
        "concurrency": Struct(
            keys={
                "hard_limit": Whole(default=0),
                "soft_limit": Whole(default=0),
                "type": Choice(of=("connections", "requests"), default="connections"),
            }
        ),
        "force_instance_description": Text(),
        "force_instance_key": Text(),
        "internal_port": Whole(least=1, most=MAX_PORT),
        "min_machines_running": Whole(default=0),
        "ports": ListOf(item=_PORT),
        "protocol": Choice(of=("tcp", "udp"), default="tcp"),
    },
    required=("internal_port",),
    elsewhere={
        "auto_stop_machines": "autostop",
        "auto_start_machines": "autostart",
        "http_checks": "checks",
        "tcp_checks": "checks",
    },
)
