"""The Python a program or plugin runs on, as the project file asks for it.

Options are those of `runtime.options` in Pulumi.yaml, PulumiPolicy.yaml or PulumiPlugin.yaml. Only the pip
toolchain is known here; another one is refused rather than guessed at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .failure import HostFailure

_NAMES = ("python3", "python")


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """An executable and, when it belongs to a virtual environment, that environment's directory."""

    executable: Path
    virtualenv: Path | None

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return `base` with the virtual environment activated."""
        if self.virtualenv is None:
            return dict(base)
        activated = {name: value for name, value in base.items() if name != "PYTHONHOME"}
        activated["VIRTUAL_ENV"] = str(self.virtualenv)
        activated["PATH"] = os.pathsep.join(
            part for part in (str(self.virtualenv / "bin"), base.get("PATH", "")) if part
        )
        return activated


def virtualenv_of(options: Mapping[str, object], root: Path) -> Path | None:
    """Return the virtual environment that runtime options name; relative ones lie below `root`.

    Raises:
        HostFailure: the options ask for something this host does not do.
    """
    toolchain = options.get("toolchain") or "pip"
    if toolchain != "pip":
        raise HostFailure(
            f"runtime.options.toolchain: {toolchain!r} is not supported by this host; write 'pip'"
        )
    if options.get("typechecker"):
        raise HostFailure(
            "runtime.options.typechecker: not supported by this host; run the type checker by itself"
        )
    virtualenv = options.get("virtualenv") or None
    if virtualenv is None:
        return None
    if not isinstance(virtualenv, str):
        raise HostFailure(f"runtime.options.virtualenv: {virtualenv!r} is not a path")
    return root / virtualenv


def find_interpreter(virtualenv: Path | None, environment: Mapping[str, str]) -> Interpreter:
    """Return the interpreter of a virtual environment, or without one the ambient Python.

    Raises:
        HostFailure: the virtual environment is missing or broken, or there is no Python at all.
    """
    if virtualenv is None:
        return Interpreter(executable=ambient_python(environment), virtualenv=None)
    executable = virtualenv / "bin" / "python"
    if not os.access(executable, os.X_OK):
        what = "is not a virtual environment" if virtualenv.exists() else "does not exist"
        raise HostFailure(
            f"runtime.options.virtualenv: {virtualenv} {what}; make it with `pulumi install`, "
            f"or `python3 -m venv {virtualenv}` and pip install the program's requirements into it"
        )
    return Interpreter(executable=executable, virtualenv=virtualenv)


def ambient_python(environment: Mapping[str, str]) -> Path:
    """Return the Python outside any virtual environment: $PULUMI_PYTHON_CMD, else the first one on PATH.

    Raises:
        HostFailure: there is none.
    """
    named = environment.get("PULUMI_PYTHON_CMD")
    for name in (named,) if named else _NAMES:
        found = shutil.which(name, path=environment.get("PATH"))
        if found is not None:
            return Path(found)
    raise HostFailure(
        f"PULUMI_PYTHON_CMD names {named!r}, which is not an executable" if named else "no python3 on PATH"
    )
