"""How the host runs a program, over gRPC."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2

from tests.engine.bootstrap import wait_until
from tests.engine.running_host import RunningHost, a_program

VENV = sys.prefix


def a_run(tmp_path: Path, program: str, **fields: Any) -> language_pb2.RunRequest:
    (tmp_path / "program.py").write_text(program)
    return language_pb2.RunRequest(
        project="trial",
        stack="local",
        pwd=str(tmp_path),
        info=a_program(tmp_path, virtualenv=VENV),
        monitor_address="127.0.0.1:8",
        organization="organization",
        parallel=16,
        **fields,
    )


def record(tmp_path: Path) -> dict[str, Any]:
    recorded: dict[str, Any] = json.loads((tmp_path / "record.json").read_text())
    return recorded


def flags(arguments: list[str]) -> dict[str, str]:
    names, values = arguments[:-1:2], arguments[1:-1:2]
    return dict(zip(names, values, strict=True))


def test_the_executor_gets_every_flag_and_the_program_last(host: RunningHost, tmp_path: Path) -> None:
    response = host.calls.Run(a_run(tmp_path, "pass", dryRun=True))
    assert response == language_pb2.RunResponse()
    arguments = record(tmp_path)["arguments"]
    assert flags(arguments) == {
        "--monitor": "127.0.0.1:8",
        "--engine": "127.0.0.1:7",
        "--project": "trial",
        "--root_directory": str(tmp_path),
        "--stack": "local",
        "--pwd": str(tmp_path),
        "--dry_run": "true",
        "--parallel": "16",
        "--organization": "organization",
    }
    assert arguments[-1] == "."
    host.calls.Run(a_run(tmp_path, "pass", dryRun=False))
    assert "--dry_run" not in record(tmp_path)["arguments"]


def test_an_engine_that_attaches_gives_its_address_in_the_handshake(
    host: RunningHost, tmp_path: Path
) -> None:
    host.calls.Handshake(language_pb2.LanguageHandshakeRequest(engine_address="127.0.0.1:99"))
    host.calls.Run(a_run(tmp_path, "pass"))
    assert flags(record(tmp_path)["arguments"])["--engine"] == "127.0.0.1:99"


def test_configuration_reaches_the_program_in_its_environment(host: RunningHost, tmp_path: Path) -> None:
    config = {"trial:size": "3", "trial:token": 'quo"ted'}
    host.calls.Run(a_run(tmp_path, "pass", config=config, configSecretKeys=["trial:token"]))
    environment = record(tmp_path)["environment"]
    assert json.loads(environment["PULUMI_CONFIG"]) == config
    assert json.loads(environment["PULUMI_CONFIG_SECRET_KEYS"]) == ["trial:token"]
    assert "quo" not in " ".join(record(tmp_path)["arguments"]), "arguments can be read by everybody"


def test_the_program_runs_in_its_directory_with_its_environment_activated(
    host: RunningHost, tmp_path: Path
) -> None:
    host.calls.Run(a_run(tmp_path, "pass"))
    recorded = record(tmp_path)
    assert recorded["directory"] == str(tmp_path)
    assert recorded["environment"]["VIRTUAL_ENV"] == VENV
    assert recorded["environment"]["PATH"].split(":")[0] == f"{VENV}/bin"


@pytest.mark.parametrize(
    ("program", "response"),
    [
        ("raise SystemExit(0)", language_pb2.RunResponse()),
        ("raise SystemExit(32)", language_pb2.RunResponse(bail=True)),
        ("raise SystemExit(7)", language_pb2.RunResponse(error="the program exited with code 7")),
        (
            "import os; os.kill(os.getpid(), 6)",
            language_pb2.RunResponse(error="the program was ended by signal 6"),
        ),
    ],
)
def test_the_end_of_a_program_is_told_as_it_was(
    host: RunningHost, tmp_path: Path, program: str, response: language_pb2.RunResponse
) -> None:
    assert host.calls.Run(a_run(tmp_path, program)) == response


def test_what_a_program_prints_is_on_the_hosts_own_output(host: RunningHost, tmp_path: Path) -> None:
    program = "import sys; print('to stdout'); print('to stderr', file=sys.stderr)"
    host.calls.Run(a_run(tmp_path, program))
    assert host.end() == (0, "to stdout\n", "to stderr\n")


def test_a_debugger_is_refused_rather_than_forgotten(host: RunningHost, tmp_path: Path) -> None:
    with pytest.raises(grpc.RpcError) as failed:
        host.calls.Run(a_run(tmp_path, "pass", attach_debugger=True))
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "does not attach a debugger" in failed.value.details()


def test_cancel_ends_the_program_and_the_host_goes_on(host: RunningHost, tmp_path: Path) -> None:
    program = f"import pathlib, time; pathlib.Path({str(tmp_path / 'up')!r}).touch(); time.sleep(60)"
    with ThreadPoolExecutor() as pool:
        running = pool.submit(host.calls.Run, a_run(tmp_path, program))
        wait_until(tmp_path / "up")
        host.calls.Cancel(Empty())
        assert running.result(timeout=10).error == "the program was ended by signal 15"
    assert host.calls.Run(a_run(tmp_path, "pass")) == language_pb2.RunResponse()


def test_a_program_that_ignores_the_polite_signal_is_ended_all_the_same(
    host: RunningHost, tmp_path: Path
) -> None:
    program = (
        "import pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(tmp_path / 'up')!r}).touch(); time.sleep(60)"
    )
    with ThreadPoolExecutor() as pool:
        running = pool.submit(host.calls.Run, a_run(tmp_path, program))
        wait_until(tmp_path / "up")
        host.calls.Cancel(Empty())
        assert running.result(timeout=10).error == "the program was ended by signal 9"
