"""`python -m tools.flyctl_tree --flyctl PATH`: write flyctl's command tree for `lifeboat runbook lint`.

Walks the help of every command; nothing is executed and nothing is asked over the network. Help leaves hidden
commands and flags out, so those known from flyctl's source are asked for by name and kept when flyctl answers
to them. A new flyctl: run this again, look at the difference, commit it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import Any

from lifeboat.core.errors import ConfigError, LifeboatError
from tools.flyctl_help import children, entry, flags_of, section, shows

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "scripts" / "runbook" / "flyctl_tree.json"
HELP_S = 30

HIDDEN_COMMANDS = (
    *("apps resume", "apps suspend", "auth token", "create", "curl", "destroy", "extensions fks"),
    *(
        "extensions kubernetes",
        "history",
        "info",
        "launch plan",
        "machine egress-ip",
        "mcp volume",
        "metrics",
    ),
    *("move", "open", "postgres add_flycast", "postgres add-flycast", "postgres barman", "regions"),
    *("regions add", "regions remove", "regions set", "regions backup", "registry", "restart", "resume"),
    *("secrets keys", "suspend", "tokens deploy", "tokens org", "version saveinstall"),
)
"""Commands that flyctl's source hides or once had (`internal/command`, `Hidden = true`)."""

_MACHINE_BUILD = (
    *("build-only", "build-remote-only", "build-local-only", "build-depot", "build-nixpacks", "build-arg"),
    *("image-label", "build-target", "no-build-cache", "vm-max-memory", "vm-gpus", "vm-gpu-kind"),
)
HIDDEN_FLAGS: dict[str, tuple[str, ...]] = {
    "deploy": (
        *("force-machines", "immediate-max-concurrent", "builder-pool", "export-manifest", "from-manifest"),
        *("vm-max-memory", "vm-gpus", "vm-gpu-kind", "buildkit-addr", "buildkit-image"),
    ),
    "launch": ("manifest", "from-manifest", "legacy", "reuse-app", "force-name", "no-create-app"),
    "machine run": _MACHINE_BUILD,
    "machine create": _MACHINE_BUILD,
    "machine update": _MACHINE_BUILD,
    "console": (*_MACHINE_BUILD, "skip-dns-registration"),
    "scale count": ("vm-max-memory", "vm-gpus", "vm-gpu-kind"),
    "volumes create": ("fs-type", "vm-gpus", "vm-gpu-kind"),
    "apps create": ("machines",),
    "mpg create": ("v2",),
}
"""Flags that flyctl's source hides."""


class Flyctl:
    """Asks one flyctl for help, in an empty home, and for nothing else."""

    def __init__(self, program: Path, home: Path) -> None:
        self._program = program
        self._environment = {**os.environ, "HOME": str(home), "NO_COLOR": "1", "FLY_NO_UPDATE_CHECK": "1"}

    def ask(self, *arguments: str) -> str:
        """Return what flyctl prints, on both streams."""
        done = subprocess.run(
            [str(self._program), *arguments],
            env=self._environment,
            cwd=self._environment["HOME"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=HELP_S,
            check=False,
        )
        return done.stdout + done.stderr

    def help(self, path: str) -> str:
        """Return the help of one command; empty when flyctl answers with another command's."""
        text = self.ask(*path.split(), "--help")
        if not path:
            return text
        return text if shows(text, path) else ""


def tree(flyctl: Flyctl) -> dict[str, Any]:
    """Return every command with its flags, keyed by its words."""
    commands: dict[str, Any] = {}
    waiting = deque([("", False), *((path, True) for path in HIDDEN_COMMANDS)])
    while waiting:
        path, hidden = waiting.popleft()
        text = flyctl.help(path)
        if not text or path in commands:
            continue
        below = list(children(text))
        commands[path] = entry(text, below, hidden=hidden)
        for flag in HIDDEN_FLAGS.get(path, ()):
            if "unknown flag" not in flyctl.ask(*path.split(), f"--{flag}=1", "--help"):
                commands[path]["flags"].setdefault(flag, "hidden")
        waiting.extend((f"{path} {child}".strip(), False) for child in below)
    flags = commands.pop("")["flags"] | flags_of(section(flyctl.help("apps list"), "Global Flags"))
    return {"global_flags": flags, "commands": commands}


def version_of(flyctl: Flyctl, declared: str | None) -> str:
    """Return the version to note.

    Raises:
        ConfigError: the program is no flyctl, or a development build, which calls itself by the time of day.
    """
    match = re.search(r"v\d\S+", flyctl.ask("version"))
    if match is None:
        raise ConfigError("the program does not say its version", hint="is it flyctl?")
    if "-dev" in match[0] and not declared:
        raise ConfigError("this is a development build", hint="say --version, the release it was built from")
    return declared or match[0]


def text_of(content: dict[str, Any]) -> str:
    """Write one command per line, so that a change of flyctl reads as a change of this file."""
    commands = content["commands"]
    lines = ",\n  ".join(f"{json.dumps(path)}: {json.dumps(commands[path])}" for path in sorted(commands))
    head = ",\n ".join(
        f"{json.dumps(key)}: {json.dumps(content[key])}" for key in content if key != "commands"
    )
    return f'{{\n {head},\n "commands": {{\n  {lines}\n }}\n}}\n'


def main(argv: list[str] | None = None) -> int:
    """Write the file and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.flyctl_tree", description=__doc__.split("\n")[0])
    parser.add_argument("--flyctl", type=Path, required=True, help="the program to ask")
    parser.add_argument("--version", help="the release a development build was built from, such as v2026.8")
    options = parser.parse_args(argv)
    program: Path = options.flyctl
    try:
        if not program.is_file():
            raise ConfigError(f"there is no flyctl at {program}")
        with tempfile.TemporaryDirectory() as home:
            flyctl = Flyctl(program.absolute(), Path(home))
            content = {"program": "flyctl", "version": version_of(flyctl, options.version), **tree(flyctl)}
    except LifeboatError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    TARGET.write_text(text_of(content))
    sys.stderr.write(
        f"{TARGET.relative_to(ROOT)}: {content['version']}, {len(content['commands'])} commands\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
