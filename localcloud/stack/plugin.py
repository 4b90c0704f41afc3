"""Installs the stand-in aws plugin into the private PULUMI_HOME: a launcher, not a copy.

The engine takes a plugin of exactly the version that the program asks for, which is the version of the
installed pulumi_aws. The launcher runs the code of this checkout with this Python, so an old state that
asks for an older version gets today's code too: every launcher found is kept right, not only the newest.
"""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import version
from pathlib import Path

from localcloud.stack.home import LocalHome

DIRECTORY = "resource-aws-v"
PROGRAM = "pulumi-resource-aws"
MODULE = "localcloud.provider_aws"


def install_plugin(home: LocalHome) -> Path:
    """Write the launcher where it is missing or wrong, and return the one of the installed pulumi_aws."""
    plugins = home.pulumi_home / "plugins"
    current = plugins / f"{DIRECTORY}{version('pulumi-aws')}"
    current.mkdir(parents=True, exist_ok=True)
    text = launcher(Path(sys.executable), home.project)
    for directory in plugins.glob(f"{DIRECTORY}*"):
        if directory.is_dir():
            _write(directory / PROGRAM, text)
    return current / PROGRAM


def launcher(python: Path, project: Path) -> str:
    """Return the launcher's text.

    Args:
        python: the interpreter that has the project's packages.
        project: the checkout whose code is run, whichever one the interpreter is linked to.
    """
    # -P: the engine starts plugins in the program's directory, whose modules must not shadow ours.
    return (
        "#!/bin/sh\n"
        "# Written by lifeboat; every `lifeboat up` puts it right again.\n"
        f"PYTHONPATH={shlex.quote(str(project))}\n"
        "export PYTHONPATH\n"
        f'exec {shlex.quote(str(python))} -P -m {MODULE} "$@"\n'
    )


def _write(path: Path, text: str) -> None:
    if path.exists() and path.read_text() == text and path.stat().st_mode & 0o111:
        return
    temporary = path.with_name(f".{path.name}")
    temporary.write_text(text)
    temporary.chmod(0o755)
    temporary.replace(path)
