"""What the host says about a program's Python, over gRPC."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2
from semver import Version

from tests.engine.running_host import RunningHost, a_program, running_host

VENV = sys.prefix


def pip_list(*flags: str) -> dict[str, str]:
    """Ask pip, whose answer the official host passes on."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format", "json", *flags],
        capture_output=True,
        check=True,
    ).stdout
    return {
        each["name"].lower().replace("_", "-").replace(".", "-"): each["version"]
        for each in json.loads(listed)
    }


def test_the_flags_of_a_verbose_engine_are_accepted(executor: Path) -> None:
    flags = ("--logtostderr", "-v=9", "--tracing", "file:/dev/null")
    with running_host(executor, *flags) as host:
        assert host.calls.GetPluginInfo(Empty()).version
        assert host.end() == (0, "", "")


def test_the_host_says_its_own_version(host: RunningHost) -> None:
    assert Version.is_valid(host.calls.GetPluginInfo(Empty()).version)


def test_about_names_the_programs_interpreter(host: RunningHost, tmp_path: Path) -> None:
    about = host.calls.About(language_pb2.AboutRequest(info=a_program(tmp_path, virtualenv=VENV)))
    assert Path(about.executable) == Path(VENV) / "bin" / "python"
    assert about.version == platform.python_version()


def test_the_plugins_of_the_installed_packages_are_required_and_those_without_one_are_not(
    host: RunningHost, tmp_path: Path
) -> None:
    request = language_pb2.GetRequiredPackagesRequest(
        info=a_program(tmp_path, virtualenv=VENV, toolchain="pip")
    )
    packages = host.calls.GetRequiredPackages(request).packages
    assert [(each.name, each.kind, each.version) for each in packages] == [
        ("aws", "resource", f"v{version('pulumi-aws')}")
    ]


def test_the_older_question_for_plugins_has_an_empty_answer(host: RunningHost) -> None:
    assert not host.calls.GetRequiredPlugins(language_pb2.GetRequiredPluginsRequest()).plugins


def test_all_dependencies_are_those_pip_lists(host: RunningHost, tmp_path: Path) -> None:
    info = a_program(tmp_path, virtualenv=VENV)
    request = language_pb2.GetProgramDependenciesRequest(info=info, transitiveDependencies=True)
    answer = host.calls.GetProgramDependencies(request).dependencies
    assert {each.name: each.version for each in answer} == pip_list()


def test_direct_dependencies_are_those_pip_lists_as_not_required(host: RunningHost, tmp_path: Path) -> None:
    info = a_program(tmp_path, virtualenv=VENV)
    answer = host.calls.GetProgramDependencies(language_pb2.GetProgramDependenciesRequest(info=info))
    assert {each.name: each.version for each in answer.dependencies} == pip_list("--not-required")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"virtualenv": "venv"}, "/venv does not exist; make it with `pulumi install`"),
        ({"virtualenv": "."}, "is not a virtual environment"),
        ({"virtualenv": 3}, "runtime.options.virtualenv: 3.0 is not a path"),
        ({"toolchain": "uv"}, "runtime.options.toolchain: 'uv' is not supported by this host; write 'pip'"),
        ({"typechecker": "mypy"}, "runtime.options.typechecker: not supported by this host"),
    ],
)
def test_options_that_cannot_be_followed_are_a_clear_error(
    host: RunningHost, tmp_path: Path, options: dict[str, object], message: str
) -> None:
    info = a_program(tmp_path, **options)
    for call, request in (
        (host.calls.GetRequiredPackages, language_pb2.GetRequiredPackagesRequest(info=info)),
        (host.calls.About, language_pb2.AboutRequest(info=info)),
        (host.calls.Run, language_pb2.RunRequest(info=info)),
    ):
        with pytest.raises(grpc.RpcError) as failed:
            call(request)
        assert failed.value.code() is grpc.StatusCode.FAILED_PRECONDITION
        assert message in failed.value.details()


def test_there_is_nothing_to_ask_and_nothing_to_do_for_a_new_project(host: RunningHost) -> None:
    assert not host.calls.RuntimeOptionsPrompts(language_pb2.RuntimeOptionsRequest()).prompts
    assert host.calls.Template(language_pb2.TemplateRequest()) == language_pb2.TemplateResponse()


@pytest.mark.parametrize("name", ["GenerateProgram", "GenerateProject", "GeneratePackage", "Pack", "Link"])
def test_generating_code_is_answered_as_unimplemented(host: RunningHost, name: str) -> None:
    request = getattr(language_pb2, f"{name}Request")()
    with pytest.raises(grpc.RpcError) as failed:
        getattr(host.calls, name)(request)
    assert failed.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert f"{name}Request: this host runs programs" in failed.value.details()
