"""The shape of a whole machine config, in Fly's own spelling.

Source: `fly.MachineConfig` of the Machines API description; a test holds the keys against it. Defaults are
those Go leaves out on the wire and those the docs name; `autostart` has none written down, so none here.
"""

from __future__ import annotations

from lifeboat.fly.rules.check_shapes import MACHINE_CHECK, MAX_PORT
from lifeboat.fly.rules.container_shapes import CONTAINER, FILE, PROCESS
from lifeboat.fly.rules.leaves import Choice, Flag, Length, Share, Text, Whole
from lifeboat.fly.rules.nesting import TEXTS, WORDS, ListOf, MapOf, Struct
from lifeboat.fly.rules.service_shapes import SERVICE

SCHEDULES = ("hourly", "daily", "weekly", "monthly")
RESTART_POLICIES = ("no", "always", "on-failure")
STOP_SIGNALS = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGTERM")
_PERSIST = ("never", "always", "restart")
_PERCENT = 100

GUEST = Struct(
    keys={
        "cpu_kind": Text(),
        "cpus": Whole(least=1),
        "gpu_kind": Text(),
        "gpus": Whole(default=0),
        "host_dedication_id": Text(),
        "kernel_args": WORDS,
        "max_memory_mb": Whole(default=0),
        "memory_mb": Whole(least=1),
        "persist_rootfs": Choice(of=_PERSIST, default="never"),
        "required_host_features": WORDS,
    },
    elsewhere={"memory": "memory_mb", "size": "size, one level up"},
)

INIT = Struct(
    keys={
        "cmd": WORDS,
        "entrypoint": WORDS,
        "exec": WORDS,
        "kernel_args": WORDS,
        "swap_size_mb": Whole(default=0),
        "tty": Flag(),
    }
)

MOUNT = Struct(
    keys={
        "add_size_gb": Whole(default=0),
        "add_size_percent": Whole(default=0),
        "encrypted": Flag(),
        "extend_threshold_percent": Whole(most=_PERCENT, default=0),
        "min_add_size_gb": Whole(default=0),
        "name": Text(),
        "path": Text(absolute_path=True),
        "size_gb": Whole(default=0),
        "size_gb_limit": Whole(default=0),
        "volume": Text(),
    },
    required=("path",),
    elsewhere={"source": "volume", "destination": "path"},
)

_DNS = Struct(
    keys={
        "dns_forward_rules": ListOf(item=Struct(keys={"addr": Text(), "basename": Text()})),
        "hostname": Text(),
        "hostname_fqdn": Text(),
        "nameservers": WORDS,
        "options": ListOf(item=Struct(keys={"name": Text(), "value": Text()})),
        "searches": WORDS,
        "skip_registration": Flag(),
    }
)

_STATIC = Struct(
    keys={"guest_path": Text(), "index_document": Text(), "tigris_bucket": Text(), "url_prefix": Text()},
    required=("guest_path", "url_prefix"),
)

MACHINE = Struct(
    keys={
        "auto_destroy": Flag(),
        "cache_drive": Struct(keys={"size_mb": Whole(default=0)}),
        "checks": MapOf(item=MACHINE_CHECK),
        "containers": ListOf(item=CONTAINER),
        "disable_machine_autostart": Flag(),
        "dns": _DNS,
        "env": TEXTS,
        "files": ListOf(item=FILE),
        "guest": GUEST,
        "image": Text(),
        "init": INIT,
        "metadata": TEXTS,
        "metrics": Struct(keys={"https": Flag(), "path": Text(), "port": Whole(most=MAX_PORT, default=0)}),
        "mounts": ListOf(item=MOUNT),
        "processes": ListOf(item=PROCESS),
        "restart": Struct(keys={"max_retries": Whole(), "policy": Choice(of=RESTART_POLICIES)}),
        "rootfs": Struct(keys={"persist": Choice(of=_PERSIST, default="never"), "size_gb": Whole(default=0)}),
        "schedule": Choice(of=SCHEDULES),
        "services": ListOf(item=SERVICE),
        "size": Text(),
        "spot": Struct(keys={"max_price_fraction": Share(most=1.0)}),
        "standbys": WORDS,
        "statics": ListOf(item=_STATIC),
        "stop_config": Struct(
            keys={
                "signal": Choice(of=STOP_SIGNALS, upper=True, default="SIGINT"),
                "timeout": Length(default="5s"),
            }
        ),
    },
    elsewhere={
        "http_service": "services",
        "service": "services",
        "vm": "guest",
        "build": "image",
        "kill_signal": "stop_config.signal",
        "kill_timeout": "stop_config.timeout",
        "swap_size_mb": "init.swap_size_mb",
        "name": "name, beside the config",
        "region": "region, beside the config",
    },
)
