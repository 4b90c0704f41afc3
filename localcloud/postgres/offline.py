"""Statements in a data directory without a server: PostgreSQL's single-user mode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries
from localcloud.postgres.server_log import reason_in

_TIMEOUT_S = 60.0
_MANNER = {
    "exit_on_error": "on",
    # Nothing is logged by the way: a statement can hold a verifier.
    "log_min_error_statement": "panic",
    "log_statement": "none",
    # See `template.py`: what nobody was told to be there need not survive a loss of power.
    "fsync": "off",
}


def run_offline(
    binaries: Binaries, account: Account, data: Path, database: str, statements: Sequence[str]
) -> None:
    """Run statements as the superuser, each committed before the next.

    Args:
        binaries: of the version that made the data.
        account: who owns it.
        data: a data directory no server runs on.
        database: which database to be in.
        statements: without parameters; no empty line in them, which would end one.

    Raises:
        ServerFailed: one failed; those before it were done.
    """
    options = [part for name, value in _MANNER.items() for part in ("-c", f"{name}={value}")]
    # -j: a statement ends with an empty line rather than with every line.
    argv: list[str | Path] = [binaries.postgres, "--single", "-j", "-D", data, *options, database]
    text = "".join(f"{statement};\n\n" for statement in statements)
    answer = account.run(argv, text=text, timeout_s=_TIMEOUT_S)
    if answer.returncode != 0:
        msg = f"postgresql could not prepare {data}: {reason_in(answer.stderr)}"
        raise ServerFailed(msg)
