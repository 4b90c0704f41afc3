"""The `pulumi` the user already has."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tools.engine.progress import Progress
from tools.engine.version import WANTED, fits, parse_version

LANGUAGE_HOST = "pulumi-language-python"
_TIMEOUT_S = 30


def engine_on_path(search_path: str, *, cache_root: Path, progress: Progress) -> Path | None:
    """Return the directory of the first usable `pulumi` on a search path.

    Args:
        search_path: a PATH value.
        cache_root: directories below it are our own engines, perhaps of another recipe, and are passed over.
        progress: told about every `pulumi` that is passed over, and why.
    """
    for executable in _executables("pulumi", search_path):
        if cache_root.resolve() in executable.resolve().parents:
            continue
        objection = _objection(executable, search_path)
        if objection is None:
            return executable.parent
        progress.note(f"passing over {executable}: {objection}")
    return None


def cli_version(executable: Path) -> str:
    """Return what `pulumi version` prints.

    Raises:
        OSError: the file cannot be executed.
        subprocess.SubprocessError: it failed, or did not answer in time.
    """
    # The CLI writes logs into its home even for this; a question must leave nothing in the user's.
    with tempfile.TemporaryDirectory(prefix="lifeboat-") as home:
        asked = subprocess.run(
            [executable, "version"],
            env={**os.environ, "PULUMI_HOME": home, "PULUMI_SKIP_UPDATE_CHECK": "true"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=True,
        )
    return asked.stdout.strip()


def _objection(executable: Path, search_path: str) -> str | None:
    """Return why a `pulumi` cannot be used, or None."""
    try:
        said = cli_version(executable)
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
        return f"it does not run ({error})"
    version = parse_version(said)
    if version is None:
        return f"{said!r} is not a version"
    if not fits(version):
        return f"version {version} is not {WANTED}"
    beside = executable.resolve().parent / LANGUAGE_HOST
    if not os.access(beside, os.X_OK) and not any(_executables(LANGUAGE_HOST, search_path)):
        return f"it has no {LANGUAGE_HOST} beside it or on PATH"
    return None


def _executables(name: str, search_path: str) -> Iterator[Path]:
    for directory in search_path.split(os.pathsep):
        # An empty element means the working directory, which is no place to take an engine from.
        candidate = Path(directory) / name
        if directory and candidate.is_file() and os.access(candidate, os.X_OK):
            yield candidate.absolute()
