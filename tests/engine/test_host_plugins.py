"""How the host runs policy packs and plugins, over gRPC, and how they and everything else end with it."""

from __future__ import annotations

import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import psutil
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2

from lifeboat.core.clock import SystemClock
from tests.engine.bootstrap import wait_until
from tests.engine.executables import put_executable
from tests.engine.running_host import RunningHost, a_program
from tests.engine.test_host_programs import a_run
from tests.engine.test_interruptions import assert_ends

ENDS_WITHIN_S = 2.0
STUBBORN = (
    "import os, pathlib, signal, subprocess, sys, time\n"
    "for number in (signal.SIGINT, signal.SIGTERM): signal.signal(number, signal.SIG_IGN)\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "pathlib.Path('pids.new').write_text(f'{os.getpid()} {child.pid}')\n"
    "os.rename('pids.new', 'pids')\n"
    "time.sleep(60)\n"
)
"""Ignores the polite signals, has a child of its own, and writes down both process ids."""


def a_plugin(directory: Path, kind: str = "resource", **fields: object) -> language_pb2.RunPluginRequest:
    info = a_program(directory, virtualenv=str(sys.prefix))
    return language_pb2.RunPluginRequest(pwd=str(directory), info=info, kind=kind, **fields)  # type: ignore[arg-type]  # fields of any type


def outcome(responses: list[language_pb2.RunPluginResponse]) -> tuple[bytes, bytes, list[int]]:
    codes = [each.exitcode for each in responses if each.WhichOneof("output") == "exitcode"]
    return b"".join(each.stdout for each in responses), b"".join(each.stderr for each in responses), codes


def pids(tmp_path: Path) -> list[psutil.Process]:
    wait_until(tmp_path / "pids")
    return [psutil.Process(int(pid)) for pid in (tmp_path / "pids").read_text().split()]


def test_a_plugin_is_run_with_its_arguments_and_environment_and_its_output_streamed(
    host: RunningHost, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(
        "import os, sys; print(sys.argv[1:]); print(os.environ['GIVEN'], file=sys.stderr); sys.exit(3)"
    )
    request = a_plugin(tmp_path, args=["127.0.0.1:7"], env=["GIVEN=before", "GIVEN=a=b", "PATH=/usr/bin"])
    assert outcome(list(host.calls.RunPlugin(request))) == (b"['127.0.0.1:7']\n", b"a=b\n", [3])


def test_a_plugin_that_is_an_installed_package_is_run_as_one(host: RunningHost, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        "[build-system]\nrequires = []\n[project]\nname = 'acme-cloud'\n"
    )
    put_executable(tmp_path / "venv" / "bin" / "python", 'echo "$@"')
    info = a_program(tmp_path)
    request = language_pb2.RunPluginRequest(pwd=str(tmp_path), info=info, kind="resource", args=["address"])
    output, _errors, codes = outcome(list(host.calls.RunPlugin(request)))
    assert (output, codes) == (b"-u -m pulumi.run.plugin acme-cloud address\n", [0])


def test_a_policy_pack_is_run_by_the_sdks_policy_module(host: RunningHost, tmp_path: Path) -> None:
    put_executable(tmp_path / "python" / "bin" / "python", 'echo "$@"')
    info = a_program(tmp_path, virtualenv="python")
    request = language_pb2.RunPluginRequest(pwd=str(tmp_path), info=info, kind="analyzer", args=["address"])
    output, _errors, codes = outcome(list(host.calls.RunPlugin(request)))
    assert (output.decode(), codes) == (f"-u -m pulumi.policy address {tmp_path}\n", [0])


def test_an_unreadable_pyproject_is_a_clear_error(host: RunningHost, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[[[")
    with pytest.raises(grpc.RpcError) as failed:
        list(host.calls.RunPlugin(a_plugin(tmp_path)))
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "pyproject.toml cannot be read" in failed.value.details()


def test_a_plugin_whose_call_is_cancelled_ends_at_once_with_all_it_started(
    host: RunningHost, tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(STUBBORN)
    call = host.calls.RunPlugin(a_plugin(tmp_path))
    running = pids(tmp_path)
    clock = SystemClock()
    began_s = clock.monotonic_s()
    call.cancel()
    for process in running:
        assert_ends(process)
    assert clock.monotonic_s() - began_s < ENDS_WITHIN_S


def test_cancel_leaves_plugins_to_their_own_protocol(host: RunningHost, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(STUBBORN)
    call = host.calls.RunPlugin(a_plugin(tmp_path))
    running = pids(tmp_path)
    host.calls.Cancel(Empty())
    assert all(process.is_running() for process in running)
    call.cancel()
    for process in running:
        assert_ends(process)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_a_host_started_outlives_it(
    host: RunningHost, tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "__main__.py").write_text(STUBBORN)
    call = host.calls.RunPlugin(a_plugin(tmp_path))
    running = pids(tmp_path)
    (tmp_path / "pids").rename(tmp_path / "pids.plugin")
    with ThreadPoolExecutor() as pool:
        program = pool.submit(host.calls.Run, a_run(tmp_path, STUBBORN))
        running += pids(tmp_path)
        host.process.send_signal(number)
        _output, errors = host.process.communicate(timeout=10)
        for process in running:
            assert_ends(process)
        if number is signal.SIGKILL:
            assert host.process.returncode == -signal.SIGKILL
        else:
            assert (host.process.returncode, errors) == (0, "")
        assert program.exception(timeout=10) is None or isinstance(program.exception(), grpc.RpcError)
    call.cancel()


def test_a_host_whose_engine_is_gone_ends_what_it_runs_and_itself(host: RunningHost, tmp_path: Path) -> None:
    (tmp_path / "__main__.py").write_text(STUBBORN)
    call = host.calls.RunPlugin(a_plugin(tmp_path))
    running = pids(tmp_path)
    assert host.end()[0] == 0
    for process in running:
        assert_ends(process)
    call.cancel()
