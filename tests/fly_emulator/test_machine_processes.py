"""Machines as real processes: what they find, what they leave, how they end."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from localcloud.fly.machines.machine_log import read_log
from tests.fly_emulator.machine_world import DEMO, MachineWorld
from tests.waiting import processes_at, soon

HANG = "registry.fly.io/lifeboat-hang:1"
CRASH = "registry.fly.io/lifeboat-crash:1"
RESTART_NEVER = {"restart": {"policy": "no"}}


def _started(live: MachineWorld, **wish: Any) -> Any:
    machine = live.create(**{"image": DEMO, **wish})
    live.ask("GET", f"/{machine['id']}/wait?state=started&timeout=20")
    return live.show(machine["id"])


def _exec(live: MachineWorld, machine: Any, script: str) -> Any:
    return live.ask("POST", f"/{machine['id']}/exec", json={"command": ["sh", "-c", script]})


def _pid(live: MachineWorld, machine: Any) -> int:
    return live.emulator.runner.pids()[machine["id"]]


def _stop(live: MachineWorld, machine: Any, **body: Any) -> None:
    live.ask("POST", f"/{machine['id']}/stop", json=body)
    live.ask("GET", f"/{machine['id']}/wait?state=stopped&version={machine['instance_id']}&timeout=20")


def test_a_machine_answers_http_and_its_checks_pass(live: MachineWorld) -> None:
    checks = [{"type": "http", "path": "/health/live", "interval": "10s", "timeout": "2s"}]
    machine = _started(live, config={"services": [{"internal_port": 8080, "checks": checks}]})
    address = live.emulator.runner.address_of(machine["id"], 8080)
    assert address is not None

    def passing() -> bool:
        return [check["status"] for check in live.show(machine["id"])["checks"]] == ["passing"]

    assert soon(passing)
    with httpx.Client(trust_env=False) as client:
        assert client.get(f"http://{address[0]}:{address[1]}/health/live").status_code == 200
    _stop(live, machine)
    assert live.emulator.runner.address_of(machine["id"], 8080) is None
    assert live.show(machine["id"])["checks"][0]["status"] == "critical"


def test_a_check_fails_on_an_unhealthy_image_after_its_grace(live: MachineWorld) -> None:
    checks = {"alive": {"type": "http", "port": 8080, "path": "/health/ready", "grace_period": "1s"}}
    machine = _started(live, image="registry.fly.io/lifeboat-unhealthy:1", config={"checks": checks})

    def status() -> str:
        return str(live.show(machine["id"])["checks"][0]["status"])

    assert status() in {"warning", "critical"}
    assert soon(lambda: status() == "critical")


def test_a_check_on_a_hanging_image_times_out(live: MachineWorld) -> None:
    checks = {"alive": {"type": "http", "port": 8080, "path": "/", "timeout": "200ms"}}
    machine = _started(live, image=HANG, config={"checks": checks})
    assert soon(lambda: live.show(machine["id"])["checks"][0]["output"] == "context deadline exceeded")


def test_exec_runs_in_the_machines_directory_and_environment(live: MachineWorld) -> None:
    live.client.post("/v1/apps/web/secrets", json={"values": {"KEY": "hidden"}}).raise_for_status()
    config = {"env": {"COLOR": "blue"}, "metadata": {"fly_process_group": "app"}}
    machine = _started(live, config=config)
    names = "COLOR KEY FLY_APP_NAME FLY_MACHINE_ID FLY_REGION FLY_PROCESS_GROUP FLY_MACHINE_VERSION"
    found = _exec(live, machine, f'for name in {names}; do eval echo "\\$$name"; done')
    assert found["stdout"].split() == [
        "blue",
        "hidden",
        "web",
        machine["id"],
        "iad",
        "app",
        machine["instance_id"],
    ]
    assert (found["exit_code"], found["stderr"]) == (0, "")
    failed = _exec(live, machine, "echo sorry >&2; exit 3")
    assert (failed["exit_code"], failed["stderr"]) == (3, "sorry\n")
    body = {"command": ["no-such-program"]}
    assert live.ask("POST", f"/{machine['id']}/exec", json=body)["exit_code"] == 127


def test_nothing_of_the_emulators_own_environment_leaks(live: MachineWorld) -> None:
    os.environ["LIFEBOAT_TEST_CREDENTIAL"] = "must not be seen"
    try:
        machine = _started(live)
        assert "must not be seen" not in _exec(live, machine, "env")["stdout"]
    finally:
        del os.environ["LIFEBOAT_TEST_CREDENTIAL"]


def test_exec_has_a_deadline_and_needs_a_running_machine(live: MachineWorld) -> None:
    machine = _started(live)
    body = {"command": ["sleep", "30"], "timeout": 1}
    status, text, _ = live.refusal("POST", f"/{machine['id']}/exec", json=body)
    assert (status, text.startswith("deadline_exceeded")) == (408, True)
    assert soon(lambda: not [line for line in _family() if "sleep" in line])
    _stop(live, machine)
    assert live.refusal("POST", f"/{machine['id']}/exec", json={"cmd": "true"})[:2] == (
        412,
        "failed_precondition: machine not running",
    )


def test_ps_lists_the_process(live: MachineWorld) -> None:
    machine = _started(live)
    port = live.emulator.runner.address_of(machine["id"], 8080)
    assert port is not None
    assert soon(lambda: bool(live.ask("GET", f"/{machine['id']}/ps")[0]["listen_sockets"]))
    (process,) = live.ask("GET", f"/{machine['id']}/ps?sort_by=rss&order=desc")
    assert process["pid"] == _pid(live, machine)
    assert process["listen_sockets"] == [{"proto": "tcp", "address": f"127.0.0.1:{port[1]}"}]


def test_ps_shows_the_internal_port_of_a_service_as_it_is_inside(live: MachineWorld) -> None:
    machine = _started(live, config={"services": [{"internal_port": 8080}]})
    assert soon(lambda: bool(live.ask("GET", f"/{machine['id']}/ps")[0]["listen_sockets"]))
    (process,) = live.ask("GET", f"/{machine['id']}/ps")
    assert process["listen_sockets"] == [{"proto": "tcp", "address": "0.0.0.0:8080"}]


def test_a_cold_start_resets_the_root_but_not_the_volume(live: MachineWorld) -> None:
    order = {"name": "data", "region": "iad", "size_gb": 1}
    volume = live.client.post("/v1/apps/web/volumes", json=order).json()["id"]
    hello = base64.b64encode(b"hello").decode()
    config = {
        "mounts": [{"volume": volume, "path": "/data"}],
        "files": [{"guest_path": "/etc/app/hello.txt", "raw_value": hello}],
    }
    machine = _started(live, config=config)
    _exec(live, machine, "echo kept > data/file; echo lost > file")
    assert _exec(live, machine, "cat etc/app/hello.txt")["stdout"] == "hello"
    _stop(live, machine)
    live.ask("POST", f"/{machine['id']}/start")
    live.ask("GET", f"/{machine['id']}/wait?state=started&timeout=20")
    assert _exec(live, machine, "cat data/file; ls file")["stdout"] == "kept\n"
    assert _exec(live, machine, 'cat "$LIFEBOAT_MOUNTS/file"')["stdout"] == "kept\n"


def test_suspend_keeps_the_process_and_gives_it_no_time(live: MachineWorld) -> None:
    machine = _started(live)
    pid = _pid(live, machine)
    live.ask("POST", f"/{machine['id']}/suspend")
    live.ask("GET", f"/{machine['id']}/wait?state=suspended&timeout=20")
    assert soon(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED)
    live.ask("POST", f"/{machine['id']}/start")
    live.ask("GET", f"/{machine['id']}/wait?state=started&timeout=20")
    assert (_pid(live, machine), psutil.Process(pid).status() != psutil.STATUS_STOPPED) == (pid, True)


def test_a_process_that_ignores_its_signal_is_killed_after_the_timeout(live: MachineWorld) -> None:
    deaf = "trap '' INT TERM; echo deaf; while true; do sleep 0.1; done"
    machine = _started(live, config={"init": {"exec": ["sh", "-c", deaf]}, **RESTART_NEVER})
    assert soon(lambda: bool(read_log(live.emulator.world.directory, machine["id"])))
    _stop(live, machine, timeout="300ms")
    event = live.show(machine["id"])["events"][0]["request"]["exit_event"]
    assert (event["exit_code"], event["signal"], event["requested_stop"]) == (137, 9, True)


def test_a_crash_loop_is_restarted_and_then_left(live: MachineWorld) -> None:
    config = {"restart": {"policy": "on-failure", "max_retries": 2}}
    machine = live.create(image=CRASH, config=config)
    version = machine["instance_id"]
    live.ask("GET", f"/{machine['id']}/wait?state=stopped&version={version}&timeout=30")
    exits = [event for event in live.show(machine["id"])["events"] if event["type"] == "exit"]
    assert [event["request"]["exit_event"]["restarting"] for event in exits] == [False, True, True]
    assert exits[0]["request"]["exit_event"]["exit_code"] != 0


def test_a_command_of_the_configuration_runs_instead_of_the_image(live: MachineWorld) -> None:
    config = {"init": {"cmd": ["sh", "-c", "echo migrated"]}, "auto_destroy": True, **RESTART_NEVER}
    machine = live.create(image=DEMO, config=config)
    live.ask("GET", f"/{machine['id']}/wait?state=destroyed&timeout=20")
    lines = read_log(live.emulator.world.directory, machine["id"])
    assert [(line.message, line.level, line.region) for line in lines] == [("migrated", "info", "iad")]


def test_a_program_that_is_not_there_exits_with_127(live: MachineWorld) -> None:
    config = {"init": {"exec": ["/no/such/program"]}, **RESTART_NEVER}
    machine = live.create(image=DEMO, config=config)
    query = f"state=stopped&version={machine['instance_id']}&timeout=20"
    live.ask("GET", f"/{machine['id']}/wait?{query}")
    events = live.show(machine["id"])["events"]
    assert events[0]["request"]["exit_event"]["exit_code"] == 127


@pytest.mark.parametrize(
    ("config", "state"),
    [
        ({"env": {"A": "null\0character"}}, "stopped"),
        ({"env": {"=": "no name"}}, "stopped"),
        ({"files": [{"guest_path": "/a", "raw_value": "eA=="}, {"guest_path": "/a/b"}]}, "failed"),
        ({"files": [{"guest_path": "/null\0character"}]}, "failed"),
    ],
)
def test_what_no_host_can_do_ends_the_machine_and_nothing_else(
    live: MachineWorld, config: dict[str, Any], state: str
) -> None:
    machine = live.create(image=DEMO, config={**config, **RESTART_NEVER})
    query = f"state={state}&version={machine['instance_id']}&timeout=20"
    assert live.ask("GET", f"/{machine['id']}/wait?{query}")["state"] == state
    _started(live)


def test_an_update_replaces_the_process(live: MachineWorld) -> None:
    machine = _started(live)
    old = _pid(live, machine)
    live.ask("POST", f"/{machine['id']}", json={"config": {"image": DEMO, "env": {"V": "2"}}})
    live.ask("GET", f"/{machine['id']}/wait?state=started&timeout=20")
    assert (_exec(live, machine, "echo $V")["stdout"], psutil.pid_exists(old)) == ("2\n", False)


def test_a_killed_process_is_restarted(live: MachineWorld) -> None:
    machine = _started(live)
    old = _pid(live, machine)
    live.ask("POST", f"/{machine['id']}/signal", json={"signal": 9})
    assert soon(lambda: live.emulator.runner.pids().get(machine["id"], old) != old)
    live.ask("GET", f"/{machine['id']}/wait?state=started&timeout=20")


def test_closing_ends_every_process_at_once(live: MachineWorld) -> None:
    machines = [_started(live) for _ in range(2)]
    pids = [_pid(live, machine) for machine in machines]
    live.close()
    assert [pid for pid in pids if psutil.pid_exists(pid)] == []


@pytest.mark.parametrize("init", [{}, {"exec": ["sh", "-c", "echo here; sleep 300"]}])
def test_a_machine_does_not_outlive_a_killed_emulator(tmp_path: Path, init: dict[str, Any]) -> None:
    script = Path(__file__).with_name("emulator_with_a_machine.py")
    config = {"image": DEMO, "init": init}
    command = [sys.executable, str(script), str(tmp_path), json.dumps(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as emulator:
        assert emulator.stdout is not None
        pid = int(emulator.stdout.readline())
        assert psutil.pid_exists(pid)
        emulator.send_signal(signal.SIGKILL)
    assert soon(lambda: not psutil.pid_exists(pid))
    assert soon(lambda: not processes_at(str(tmp_path)))


def _family() -> list[str]:
    children = psutil.Process().children(recursive=True)
    return [" ".join(child.cmdline()) for child in children if child.is_running()]
