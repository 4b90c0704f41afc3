"""Gives a stack's generated secrets their values after it was provisioned: the operator's command does it.

The program never sees a value, so an environment is usable only after `lifeboat secrets generate`. On a real
environment the operator runs it; on the local cloud it is part of `up`. It runs as a process of its own
because the operator's side and the local cloud do not know each other.
"""

from __future__ import annotations

import subprocess
import sys

from lifeboat.core.errors import Unverified
from localcloud.stack.engine import Engine

_TIMEOUT_S = 300


def generate_secret_values(engine: Engine) -> tuple[str, ...]:
    """Generate every missing value and return what the command told, a line each.

    Raises:
        Unverified: the command failed; it can be run again.
    """
    command = [sys.executable, "-m", "scripts.cli.main", "secrets", "generate", "--stack", engine.stack]
    try:
        done = subprocess.run(
            command,
            cwd=engine.project,
            env=dict(engine.environment),
            check=False,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise Unverified(
            f"stack {engine.stack!r}: generating secret values took longer than {_TIMEOUT_S} s",
            hint=f"try it by itself: lifeboat secrets generate --stack {engine.stack}",
        ) from None
    if done.returncode:
        raise Unverified(
            f"stack {engine.stack!r} stands, but not every secret has a value: {done.stderr.strip()}",
            hint=f"try it by itself: lifeboat secrets generate --stack {engine.stack}",
        )
    return tuple(done.stderr.splitlines())
