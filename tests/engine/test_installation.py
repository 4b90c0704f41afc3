"""What `pulumi install` asks of the host: an environment made, requirements installed, failures told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import grpc
import pytest
from pulumi.runtime.proto import language_pb2

from tests.engine.executables import put_executable
from tests.engine.running_host import RunningHost, a_program

WHEEL = "pulumi_trial-1.2.3-py3-none-any.whl"


def a_wheel(directory: Path) -> None:
    """Write the smallest package that pip installs without asking anybody."""
    info = "pulumi_trial-1.2.3.dist-info"
    with zipfile.ZipFile(directory / WHEEL, "w") as wheel:
        wheel.writestr("pulumi_trial/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: pulumi-trial\nVersion: 1.2.3\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")


def install(host: RunningHost, info: language_pb2.ProgramInfo) -> str:
    request = language_pb2.InstallDependenciesRequest(directory=info.program_directory, info=info)
    return b"".join(each.stdout + each.stderr for each in host.calls.InstallDependencies(request)).decode()


def test_the_environment_is_made_and_what_is_installed_counts_at_once(
    host: RunningHost, tmp_path: Path
) -> None:
    a_wheel(tmp_path)
    (tmp_path / "requirements.txt").write_text(f"--no-index\n./{WHEEL}\n")
    info = a_program(tmp_path, virtualenv="venv")
    said = install(host, info)
    assert f"Creating virtual environment {tmp_path}/venv" in said
    assert "Successfully installed pulumi-trial-1.2.3" in said
    packages = host.calls.GetRequiredPackages(language_pb2.GetRequiredPackagesRequest(info=info)).packages
    assert [(each.name, each.version) for each in packages] == [("trial", "v1.2.3")]


def test_without_requirements_there_is_nothing_to_install(host: RunningHost, tmp_path: Path) -> None:
    put_executable(tmp_path / "venv" / "bin" / "python", "exit 9")
    said = install(host, a_program(tmp_path, virtualenv="venv"))
    assert said == "No requirements.txt: nothing to install\n"


def test_a_failing_installation_shows_its_output_and_its_command(host: RunningHost, tmp_path: Path) -> None:
    put_executable(tmp_path / "venv" / "bin" / "python", "echo no such package >&2; exit 4")
    (tmp_path / "requirements.txt").write_text("nothing\n")
    request = language_pb2.InstallDependenciesRequest(info=a_program(tmp_path, virtualenv="venv"))
    errors: list[bytes] = []
    with pytest.raises(grpc.RpcError) as failed:
        errors.extend(each.stderr for each in host.calls.InstallDependencies(request))
    assert b"".join(errors) == b"no such package\n"
    assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    assert "-m pip --no-input install -r" in failed.value.details()
    assert failed.value.details().endswith("failed with exit code 4")
