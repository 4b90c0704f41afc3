"""The plugin process: port line, arguments, signals, the end when the engine is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import psutil
import pytest
from google.protobuf import empty_pb2

from lifeboat.core.clock import SystemClock
from lifeboat.providerkit.protos import provider_pb2_grpc
from lifeboat.providerkit.serve import engine_address
from tests.providerkit.memory_provider import THING
from tests.providerkit.running_provider import EngineResource

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "tests.providerkit.plugin_process"]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start plugin processes that are gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


@pytest.mark.parametrize(
    ("arguments", "address"),
    [
        (["127.0.0.1:1"], "127.0.0.1:1"),
        (["-v=9", "--logflow", "127.0.0.1:1"], "127.0.0.1:1"),
        (["--tracing", "127.0.0.1:9", "127.0.0.1:1"], "127.0.0.1:1"),
        (["--tracing=tcp://127.0.0.1:9", "127.0.0.1:1", "--logtostderr"], "127.0.0.1:1"),
        (["--logflow"], ""),
        ([], ""),
    ],
)
def test_the_engines_address_is_found_among_flags(arguments: list[str], address: str) -> None:
    assert engine_address(arguments) == address


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_first_line_is_the_port_and_a_signal_ends_it_quietly(
    start: Start, number: signal.Signals
) -> None:
    process = start("--tracing", "x", "127.0.0.1:1", "-v=9")
    with grpc.insecure_channel(f"127.0.0.1:{_port(process)}") as channel:
        stub = provider_pb2_grpc.ResourceProviderStub(channel)
        assert stub.GetPluginInfo(empty_pb2.Empty()).version == "1.2.3"
    process.send_signal(number)
    assert process.wait(timeout=10) == 0


def test_a_signal_lets_a_running_operation_end_first(start: Start) -> None:
    process = start("127.0.0.1:1", "--slow")
    with grpc.insecure_channel(f"127.0.0.1:{_port(process)}") as channel, ThreadPoolExecutor(1) as threads:
        thing = EngineResource(provider_pb2_grpc.ResourceProviderStub(channel), THING)
        waiting = threads.submit(thing.create, {})
        SystemClock().sleep(0.5)
        process.send_signal(signal.SIGTERM)
        error = waiting.exception(timeout=10)
    assert isinstance(error, grpc.RpcError)
    assert "cancelled by the operator" in error.details()
    assert process.wait(timeout=10) == 0


def _is_gone_soon(pid: int) -> bool:
    clock = SystemClock()
    for _ in range(300):
        if not psutil.pid_exists(pid):
            return True
        clock.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


_LEAVES_A_CHILD = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
child.stdout.readline()
print(child.pid, flush=True)
"""


def test_it_ends_when_its_parent_dies() -> None:
    parent = subprocess.run(
        [sys.executable, "-c", _LEAVES_A_CHILD, *COMMAND],
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert _is_gone_soon(int(parent.stdout))


def test_it_ends_when_nobody_reads_its_output_any_more(start: Start) -> None:
    process = start("127.0.0.1:1")
    _port(process)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=15) == 0
