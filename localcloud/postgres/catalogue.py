"""What a version of PostgreSQL knows of settings: asked from the server program itself, without a server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries

_TIMEOUT_S = 20.0
# A configuration of nothing: only the values given as arguments are judged.
_NOWHERE = {
    "config_file": "/dev/null",
    "data_directory": "/",
    "hba_file": "/dev/null",
    "ident_file": "/dev/null",
}
_COMPLAINT = re.compile(r"FATAL:\s+(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """The settings of one version that a configuration file may hold.

    Args:
        contexts: by name, when a change takes effect: `postmaster` (at a start), `sighup`, `user`, …
    """

    binaries: Binaries
    account: Account
    contexts: Mapping[str, str]

    @classmethod
    def of(cls, binaries: Binaries, account: Account) -> Catalogue:
        """Read what the server program knows; remembered."""
        return _catalogue(binaries, account)

    def complaint(self, values: Mapping[str, str]) -> str | None:
        """Return what PostgreSQL has against some of the values, in its own words; None for nothing.

        It names one at a time, and knows nothing of values that contradict each other.
        """
        options = [part for item in {**_NOWHERE, **values}.items() for part in ("-c", "=".join(item))]
        argv: list[str | Path] = [self.binaries.postgres, *options, "-C", "server_version"]
        answer = self.account.run(argv, timeout_s=_TIMEOUT_S)
        if answer.returncode == 0:
            return None
        match = _COMPLAINT.search(answer.stderr)
        return match[1] if match else answer.stderr.strip()

    def has_library(self, name: str) -> bool:
        """Tell whether the server can load a library."""
        return (_libraries(self.binaries, self.account) / f"{name}.so").exists()


@cache
def _catalogue(binaries: Binaries, account: Account) -> Catalogue:
    lines = _answer(account, [binaries.postgres, "--describe-config"]).splitlines()
    contexts = {fields[0].lower(): fields[1] for line in lines if len(fields := line.split("\t")) > 1}
    return Catalogue(binaries=binaries, account=account, contexts=contexts)


@cache
def _libraries(binaries: Binaries, account: Account) -> Path:
    return Path(_answer(account, [binaries.program("pg_config"), "--pkglibdir"]).strip())


def _answer(account: Account, argv: list[str | Path]) -> str:
    answer = account.run(argv, timeout_s=_TIMEOUT_S)
    if answer.returncode != 0:
        msg = f"{argv[0]} failed: {answer.stderr.strip()}"
        raise ServerFailed(msg)
    return answer.stdout
