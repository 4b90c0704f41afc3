"""Asks an interpreter, in one short call, who it is and where it looks for packages."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass

from .failure import HostFailure
from .interpreter import Interpreter

_QUESTION = (
    "import json, platform, sys; print(json.dumps([sys.executable, platform.python_version(), sys.path]))"
)
_TIMEOUT_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """An interpreter's own words: its executable, its version, its search path."""

    executable: str
    version: str
    search_path: tuple[str, ...]


def describe(interpreter: Interpreter) -> Description:
    """Return what an interpreter says about itself.

    Raises:
        HostFailure: it does not run.
    """
    try:
        asked = subprocess.run(
            [interpreter.executable, "-c", _QUESTION],
            env=interpreter.environment(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
        executable, version, search_path = json.loads(asked.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise HostFailure(f"{interpreter.executable} does not run: {error}") from error
    # The empty entry is the working directory of the question, not of the program.
    return Description(executable=executable, version=version, search_path=tuple(filter(None, search_path)))
