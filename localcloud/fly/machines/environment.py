"""What a machine's process finds in its environment. Pure.

Names and meanings: docs `machines/runtime-environment`. Of the emulator's own environment only what a program
needs to start is passed on, never a credential. Secrets are those of the moment the process is started.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from localcloud.fly.model import App, Machine

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")


def environment_of(app: App, machine: Machine) -> dict[str, str]:
    """Return the variables of a machine's process; PORT is added by who starts it.

    Later ones win: the app's secrets, the configuration, the process's own, and what Fly sets last.
    """
    config = machine.config
    process = (config.get("processes") or [{}])[0]
    return {
        **_passed_on(os.environ),
        **_secrets(app, process),
        **_texts(config.get("env")),
        **_texts(process.get("env")),
        **_fields(app, machine, process),
        **_of_fly(app, machine),
    }


def _passed_on(own: Mapping[str, str]) -> dict[str, str]:
    return {name: own[name] for name in _PASSED_ON if name in own}


def _secrets(app: App, process: Mapping[str, Any]) -> dict[str, str]:
    named = {
        entry["env_var"]: entry.get("name") or entry["env_var"]
        for entry in process.get("secrets") or ()
        if entry.get("env_var")
    }
    if not process.get("ignore_app_secrets"):
        named = {**{name: name for name in app.secrets}, **named}
    return {variable: app.secrets[name].value for variable, name in named.items() if name in app.secrets}


def _texts(given: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: str(value) for name, value in (given or {}).items()}


def _fields(app: App, machine: Machine, process: Mapping[str, Any]) -> dict[str, str]:
    values = {
        "id": machine.id,
        "version": machine.version.id,
        "app_name": app.name,
        "private_ip": machine.private_ip,
        "region": machine.region,
        "image": machine.config["image"],
    }
    wanted = process.get("env_from") or ()
    return {
        entry["env_var"]: values[entry["field_ref"]]
        for entry in wanted
        if entry.get("env_var") and entry.get("field_ref") in values
    }


def _of_fly(app: App, machine: Machine) -> dict[str, str]:
    group = machine.metadata.get("fly_process_group") or machine.metadata.get("process_group") or ""
    return {
        "FLY_APP_NAME": app.name,
        "FLY_MACHINE_ID": machine.id,
        "FLY_ALLOC_ID": machine.id,
        "FLY_REGION": machine.region,
        "FLY_MACHINE_VERSION": machine.version.id,
        "FLY_IMAGE_REF": machine.config["image"],
        "FLY_PRIVATE_IP": machine.private_ip,
        "FLY_VM_MEMORY_MB": str(machine.config["guest"]["memory_mb"]),
        **({"FLY_PROCESS_GROUP": group} if group else {}),
    }
