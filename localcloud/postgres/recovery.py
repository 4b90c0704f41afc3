"""The part of a server's configuration that makes it recover, and what a copied server must not take over.

Each kind of recovery is a whole part: the next one replaces it, and nothing of an earlier one is left.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lifeboat.postgres.account import Account
from localcloud.postgres.archive import prepare_without_archive
from localcloud.postgres.configuration import write_part

PART = "80-recovery"
SYNCHRONY_PART = "85-synchrony"


def prepare_copy(account: Account, data: Path, recovery: Mapping[str, str], signal: str) -> None:
    """Make a copied data directory that was never started recover at its start.

    It hands over its log to nobody and waits for no standby: both belong to the server it is a copy of.

    Args:
        account: who owns it.
        data: the copy.
        recovery: settings.
        signal: `recovery.signal` to end at a target, `standby.signal` to follow.
    """
    prepare_without_archive(account, data)
    write_part(account, data, SYNCHRONY_PART, {})
    write_part(account, data, PART, recovery)
    (data / signal).touch(mode=0o600)
    account.own(data / signal)


def forget_recovery(account: Account, data: Path) -> None:
    """Leave nothing of a recovery that is over, so that no later start begins it again."""
    write_part(account, data, PART, {})
