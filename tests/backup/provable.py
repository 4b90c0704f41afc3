"""Which version of PostgreSQL can be proven up to level 4 on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path

from localcloud.postgres.binaries import Binaries
from scripts.actions.backup_programs import SERVERS, find_programs


def provable_major() -> int | None:
    """Return a version whose programs here come with amcheck; None when none do."""
    for major in Binaries.majors():
        programs = find_programs(major, SERVERS)
        config: list[str | Path] = [programs.path("pg_config"), "--sharedir"]
        shared = subprocess.run(config, capture_output=True, text=True, check=True).stdout.strip()
        if programs.major == major and (Path(shared) / "extension" / "amcheck.control").exists():
            return major
    return None
