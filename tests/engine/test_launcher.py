"""The launcher names no interpreter: it finds the one that has the SDK, wherever it is started."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.engine.bootstrap import ROOT
from tests.engine.executables import put_executable

STUB = "lib/python3.11/site-packages/pulumi/runtime/proto/language_pb2_grpc.py"


def an_environment(directory: Path, *, sdk: bool = True) -> Path:
    """Make what looks like a virtual environment; its Python says where it lies and what it was given."""
    python = put_executable(directory / "bin" / "python", f'echo "{directory} $*"')
    if sdk:
        (directory / STUB).parent.mkdir(parents=True)
        (directory / STUB).touch()
    return python


@pytest.fixture
def launcher(tmp_path: Path) -> Path:
    body = (ROOT / "tools" / "engine" / "launcher.sh").read_text().removeprefix("#!/bin/sh\n")
    return put_executable(tmp_path / "engines" / "engine-1" / "bin" / "pulumi-language-python", body)


def start(launcher: Path, directory: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    directory.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        [launcher, "127.0.0.1:7"],
        cwd=directory,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_environment_above_the_programs_directory_is_taken(launcher: Path, tmp_path: Path) -> None:
    an_environment(tmp_path / "checkout" / ".venv")
    said = start(launcher, tmp_path / "checkout" / "infra" / "deep").stdout
    binaries = launcher.parent
    assert said == (
        f"{tmp_path}/checkout/.venv {binaries}/../host"
        f" --executor {binaries}/pulumi-language-python-exec 127.0.0.1:7\n"
    )


def test_an_environment_without_the_sdk_is_not(launcher: Path, tmp_path: Path) -> None:
    an_environment(tmp_path / "checkout" / ".venv")
    an_environment(tmp_path / "checkout" / "other" / ".venv", sdk=False)
    assert start(launcher, tmp_path / "checkout" / "other").stdout.startswith(f"{tmp_path}/checkout/.venv ")


def test_a_named_interpreter_wins(launcher: Path, tmp_path: Path) -> None:
    an_environment(tmp_path / "checkout" / ".venv")
    named = an_environment(tmp_path / "named", sdk=False)
    said = start(launcher, tmp_path / "checkout", LIFEBOAT_PYTHON=str(named)).stdout
    assert said.startswith(f"{tmp_path}/named ")


def test_the_activated_environment_comes_next_and_then_the_last_one_that_asked(
    launcher: Path, tmp_path: Path
) -> None:
    last = an_environment(tmp_path / "last")
    (launcher.parents[2] / "interpreter").write_text(f"{last}\n")
    an_environment(tmp_path / "activated")
    elsewhere = tmp_path / "elsewhere"
    activated = start(launcher, elsewhere, VIRTUAL_ENV=str(tmp_path / "activated"))
    assert activated.stdout.startswith(f"{tmp_path}/activated ")
    assert start(launcher, elsewhere).stdout.startswith(f"{tmp_path}/last ")


def test_one_that_vanished_is_passed_over_for_path(launcher: Path, tmp_path: Path) -> None:
    (launcher.parents[2] / "interpreter").write_text(f"{tmp_path}/vanished/bin/python\n")
    put_executable(tmp_path / "path" / "python3", "echo from PATH")
    assert start(launcher, tmp_path / "elsewhere", PATH=str(tmp_path / "path")).stdout == "from PATH\n"


def test_no_interpreter_at_all_is_said_with_what_to_do(launcher: Path, tmp_path: Path) -> None:
    failed = start(launcher, tmp_path / "elsewhere", PATH=str(tmp_path))
    assert failed.returncode == 2
    assert "python3 is not an executable" in failed.stderr
    assert "hint: set LIFEBOAT_PYTHON" in failed.stderr
