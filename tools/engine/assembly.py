"""Puts an engine together and proves that it answers before anyone may use it."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path

from semver import Version

from lifeboat.core.errors import StepFailed
from tools.engine.module_build import EXECUTOR
from tools.engine.path_engine import LANGUAGE_HOST, cli_version
from tools.engine.recipe import Recipe
from tools.engine.version import parse_version

INTERPRETER_VARIABLE = "LIFEBOAT_PYTHON"
"""Names the Python a language host runs on; read by the launcher."""

_TIMEOUT_S = 30
_HOST_START = (
    '"""Starts the language host of this engine."""\n\nfrom language_host.main import main\n\nmain()\n'
)


def assemble(recipe: Recipe, *, cli: Path, into: Path) -> None:
    """Lay out an engine: `bin/` with what the CLI looks for, `host/` with the language host.

    Args:
        recipe: names the host's files.
        cli: the directory with the built CLI and the executor script.
        into: an empty directory.
    """
    binaries, host = into / "bin", into / "host" / "language_host"
    binaries.mkdir()
    host.mkdir(parents=True)
    for name in ("pulumi", EXECUTOR):
        _share(cli / name, binaries / name)
    launcher = binaries / LANGUAGE_HOST
    launcher.write_bytes(recipe.launcher)
    launcher.chmod(0o755)
    for name, content in recipe.host:
        (host / name).write_bytes(content)
    (host.parent / "__main__.py").write_text(_HOST_START)
    # A host starts with every command; without this it would be compiled anew where nothing may be written.
    compileall.compile_dir(host.parent, quiet=1)


def check_cli(directory: Path, version: Version) -> None:
    """Run `pulumi version` and compare.

    Raises:
        StepFailed: it does not run, or is another version.
    """
    try:
        said = cli_version(directory / "pulumi")
    except (OSError, subprocess.SubprocessError) as error:
        raise StepFailed(f"the new pulumi does not run: {error}") from error
    if parse_version(said) != version:
        raise StepFailed(f"the new pulumi says it is version {said!r}, not {version}")


def check_host(directory: Path) -> None:
    """Start the language host with the running interpreter and look at its port line.

    Its standard input ends at once, which a host takes for the end of its engine, so it stops by itself.

    Raises:
        StepFailed: it does not start, prints something else than a port, or does not stop.
    """
    try:
        host = subprocess.run(
            [directory / LANGUAGE_HOST, "127.0.0.1:1"],
            env={**os.environ, INTERPRETER_VARIABLE: sys.executable},
            input="",
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StepFailed(f"the language host does not start: {error}") from error
    if host.returncode != 0 or not host.stdout.strip().isdigit():
        said = (host.stderr or host.stdout).strip().rpartition("\n")[2] or "it said nothing"
        raise StepFailed(
            f"the language host does not start with {sys.executable}: {said}",
            hint="run this with the project's own interpreter (make sets it up in .venv)",
        )


def _share(source: Path, target: Path) -> None:
    """Link a file instead of copying 110 MB, where the file system can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
