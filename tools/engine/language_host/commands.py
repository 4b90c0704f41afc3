"""The command lines of a host: pure functions from a request to what is executed.

The flags of a program are those `pulumi-language-python-exec` parses; a policy pack and a plugin are started
the way the official host starts them (pulumi `sdk/python/cmd/pulumi-language-python`).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from pulumi.runtime.proto import language_pb2

from .failure import HostFailure

PYTHON_FLAGS = ("-u",)
"""Unbuffered, so that what a program prints is seen while it runs."""


def program_arguments(request: language_pb2.RunRequest, *, engine: str, executor: Path) -> list[str]:
    """Return the interpreter's arguments that run a program once.

    Raises:
        HostFailure: the engine wants a debugger attached.
    """
    _refuse_debugger(attach=request.attach_debugger)
    flags = {
        "monitor": request.monitor_address,
        "engine": engine,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.pwd,
        "dry_run": "true" if request.dryRun else "",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    given = [part for name, value in flags.items() if value for part in (f"--{name}", value)]
    return [*PYTHON_FLAGS, str(executor), *given, request.info.entry_point or request.program, *request.args]


def program_variables(request: language_pb2.RunRequest) -> dict[str, str]:
    """Return the environment variables through which a program gets its configuration."""
    return {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def plugin_arguments(request: language_pb2.RunPluginRequest) -> list[str]:
    """Return the interpreter's arguments that run a policy pack or another plugin written in Python.

    Raises:
        HostFailure: the plugin's pyproject.toml cannot be read, or the engine wants a debugger attached.
    """
    _refuse_debugger(attach=request.attach_debugger)
    directory = Path(request.info.program_directory)
    if request.kind == "analyzer":
        return [*PYTHON_FLAGS, "-m", "pulumi.policy", *request.args, str(directory)]
    distribution = _distribution(directory / "pyproject.toml")
    if distribution is not None:
        return [*PYTHON_FLAGS, "-m", "pulumi.run.plugin", distribution, *request.args]
    entry = directory / (request.info.entry_point or request.program or ".")
    return [*PYTHON_FLAGS, str(entry), *request.args]


def plugin_variables(request: language_pb2.RunPluginRequest) -> dict[str, str]:
    """Return the whole environment the engine wants a plugin to have; later entries win."""
    pairs = (entry.partition("=") for entry in request.env)
    return {name: value for name, _equals, value in pairs if name}


def _refuse_debugger(*, attach: bool) -> None:
    if attach:
        raise HostFailure("this host does not attach a debugger; use the official one for that")


def _distribution(pyproject: Path) -> str | None:
    """Return the name of a plugin that is an installed package; None when its directory is simply run."""
    if not pyproject.is_file():
        return None
    try:
        content = tomllib.loads(pyproject.read_text())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HostFailure(f"{pyproject} cannot be read: {error}") from error
    project = content.get("project")
    if "build-system" not in content or not isinstance(project, dict):
        return None
    name = project.get("name")
    return name if isinstance(name, str) and name else None
