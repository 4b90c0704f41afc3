"""Looking into a running machine: run a command in it, list its processes.

A command really runs, on this host, in the machine's root directory and environment. Like any change, exec
needs the lease's nonce (fly.md 2.1). Light machines have no process to look into: 501.
"""

from __future__ import annotations

import shlex
from typing import Any

from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.machine_access import machine_to_change
from localcloud.fly.api.machine_processes import processes_of
from localcloud.fly.api.route import Answer, Call, Pace, Route
from localcloud.fly.machines.life import MachineLife
from localcloud.fly.machines.preconditions import is_running
from localcloud.fly.model import Machine
from localcloud.fly.wire_error import NotImplementedHere, WireError

_PATH = "/v1/apps/{app_name}/machines/{machine_id}"
_DEFAULT_TIMEOUT_S = 60
_LONGEST_TIMEOUT_S = 300


class MachineExec:
    """Handlers that need the running side."""

    def __init__(self, life: MachineLife) -> None:
        self._life = life

    async def exec(self, call: Call) -> Answer:
        """Run a command to its end."""
        _, machine = machine_to_change(call)
        fields = call.fields()
        command, timeout_s = _command(fields), _timeout(fields)
        self._check(machine)
        try:
            result = await self._life.runner.exec(
                machine, command, stdin=str(fields.get("stdin") or ""), timeout_s=timeout_s
            )
        except TimeoutError as error:
            raise WireError(408, "deadline_exceeded: the command did not end in time") from error
        return Answer(
            body={
                "exit_code": result.exit_code,
                "exit_signal": result.exit_signal,
                "stdout": result.stdout,
                "stderr": result.stderr,
            }
        )

    def ps(self, call: Call) -> Answer:
        """List the processes of a machine."""
        _, machine = the_machine(call)
        is_running(machine)
        pid = self._life.runner.pids().get(machine.id)
        found = processes_of(pid, self._ports_inside(machine)) if pid else []
        key, down = call.one("sort_by", "pid"), call.one("order").lower() == "desc"
        if found and key not in found[0]:
            raise WireError(400, f"invalid_argument: cannot sort by {key!r}")
        return Answer(body=sorted(found, key=lambda one: str(one[key]).zfill(20), reverse=down))

    def _ports_inside(self, machine: Machine) -> dict[tuple[str, int], list[int]]:
        """Return the internal ports that each address on this host stands for."""
        found: dict[tuple[str, int], list[int]] = {}
        for service in machine.config.get("services") or ():
            port = service.get("internal_port")
            address = self._life.runner.address_of(machine.id, port) if port else None
            if address is not None:
                found.setdefault(address, []).append(port)
        return found

    def _check(self, machine: Machine) -> None:
        is_running(machine)
        self._life.check_host(machine)
        if machine.light:
            raise NotImplementedHere("exec in a light machine")
        if not self._life.runner.is_running(machine.id):
            raise WireError(412, "failed_precondition: machine not running")


def _command(fields: dict[str, Any]) -> list[str]:
    command = fields.get("command") or fields.get("cmd") or []
    try:
        argv = shlex.split(command) if isinstance(command, str) else [str(part) for part in command]
    except ValueError as error:
        raise WireError(400, f"invalid_argument: cmd: {error}") from error
    if not argv or any("\0" in part for part in argv):
        raise WireError(400, "invalid_argument: command is required")
    return argv


def _timeout(fields: dict[str, Any]) -> int:
    timeout = fields.get("timeout") or _DEFAULT_TIMEOUT_S
    if not isinstance(timeout, int) or not 1 <= timeout <= _LONGEST_TIMEOUT_S:
        raise WireError(400, f"invalid_argument: timeout must be between 1 and {_LONGEST_TIMEOUT_S}")
    return timeout


def routes(life: MachineLife) -> tuple[Route, ...]:
    """Return the operations of this noun."""
    handlers = MachineExec(life)
    return (
        Route(
            method="POST",
            path=f"{_PATH}/exec",
            operation_id="Machines_exec",
            handler=handlers.exec,
            pace=Pace.MACHINE,
        ),
        Route(method="GET", path=f"{_PATH}/ps", operation_id="Machines_list_processes", handler=handlers.ps),
    )
