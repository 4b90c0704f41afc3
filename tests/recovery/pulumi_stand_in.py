"""A `pulumi` for processes of restores: the state in the file of the backend, a program that agrees with it.

It knows what a recovery asks for and refuses everything else. What the real CLI and its engine do with the
same state is shown where those run.
"""

from __future__ import annotations

import itertools
import json
import os
import stat
import sys
from pathlib import Path
from typing import Any

from lifeboat.core.identity import PROJECT

IMPORTS = "imports"


def lay_pulumi(directory: Path) -> Path:
    """Make a directory for PATH in which this is the `pulumi`, and return it."""
    directory.mkdir(parents=True, exist_ok=True)
    program = directory / "pulumi"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.recovery.pulumi_stand_in "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return directory


def main(arguments: list[str], backend: Path) -> int:
    """Do what is asked; 1 when that is nothing a recovery may ask."""
    words = [word for word in arguments if word not in ("--non-interactive", "--color", "never")]
    given = dict(itertools.pairwise(words))
    file = backend / ".pulumi" / "stacks" / PROJECT / f"{given.get('--stack', '')}.json"
    match words:
        case ["stack", "export", *_]:
            json.dump({"version": 3, "deployment": _read(file)["checkpoint"]["latest"]}, sys.stdout)
        case ["stack", "import", *_]:
            document = _read(file)
            document["checkpoint"]["latest"] = _read(Path(given["--file"]))["deployment"]
            fresh = file.with_suffix(".fresh")
            fresh.write_text(json.dumps(document))
            fresh.replace(file)
            with (backend / IMPORTS).open("a") as log:
                log.write(f"{given['--stack']}\n")
        case ["refresh", *_]:
            pass
        case ["preview", *_]:
            json.dump({"steps": []}, sys.stdout)
        case _:
            return 1
    return 0


def _read(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text())
    return document


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(os.environ["PULUMI_BACKEND_URL"].removeprefix("file://"))))
