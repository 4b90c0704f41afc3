"""Plans that were made on this machine, kept by digest so that exactly the one that was reviewed runs."""

from __future__ import annotations

import re
from pathlib import Path

from lifeboat.core.errors import ConfigError
from lifeboat.core.project import RUNTIME, find_project
from scripts.engine.interruptions import Stale
from scripts.engine.plan import Plan, parse_plan

_DIGEST = re.compile(r"[0-9a-f]{12,64}")


def keep_plan(plan: Plan) -> Path:
    """Write a plan down and return where.

    Effects: writes a file below the project's runtime directory.
    """
    path = _directory() / f"{plan.digest}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(plan.to_bytes())
    return path


def kept_plan(digest: str) -> Plan:
    """Return the plan with a digest, or with one that begins so.

    Raises:
        ConfigError: not a digest, or no plan of this machine.
        Stale: the file is not the plan of its name any more.
    """
    if _DIGEST.fullmatch(digest) is None:
        raise ConfigError(
            f"--digest {digest or '(none)'}: not the digest of a plan",
            hint="12 to 64 hexadecimal characters, as the plan shows them",
        )
    found = sorted(_directory().glob(f"{digest}*.json"))
    if len(found) != 1:
        raise ConfigError(
            f"--digest {digest}: {'more than one' if found else 'no'} plan of this machine begins so",
            hint="make the plan here and review it; plans are kept where they were made",
        )
    plan = parse_plan(found[0].read_bytes(), str(found[0]))
    if plan.digest != found[0].stem:
        raise Stale(f"plan {digest[:12]} was changed after it was made", hint="make a new plan and review it")
    return plan


def _directory() -> Path:
    return find_project(Path.cwd()) / RUNTIME / "plans"
