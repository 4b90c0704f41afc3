"""In a protected environment nothing that holds data can be deleted or replaced by the program."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.problem import Problem
from infra.desired.model import DesiredBucket, DesiredDatabase, DesiredEnvironment, DesiredKey, DesiredSecret

_LONGEST_DAYS = 30
_KEY_WAITS = f"must wait {_LONGEST_DAYS} days before it is deleted"
_SECRET_STAYS = f"must stay {_LONGEST_DAYS} days after a deletion"
Stateful = DesiredBucket | DesiredDatabase | DesiredKey | DesiredSecret
"""What holds data, or what data cannot be read without."""


def protection_problems(desired: DesiredEnvironment) -> Iterator[Problem]:
    """Yield what could be deleted; nothing for an unprotected environment."""
    if not desired.protected:
        return
    stateful: list[Stateful] = [*desired.keys, *desired.databases, *desired.buckets, *desired.secrets]
    for each in stateful:
        if not (each.protected and each.retain_on_delete):
            yield Problem(path=(each.name,), message="is not protected in a protected environment")
    for database in desired.databases:
        yield from _database_problems(database)
    rules = [(each.name, not each.force_destroy, "would be emptied when deleted") for each in desired.buckets]
    rules += [(each.name, each.deletion_window_days == _LONGEST_DAYS, _KEY_WAITS) for each in desired.keys]
    rules += [
        (each.name, each.recovery_window_days == _LONGEST_DAYS, _SECRET_STAYS) for each in desired.secrets
    ]
    yield from (Problem(path=(name,), message=message) for name, holds, message in rules if not holds)


def _database_problems(database: DesiredDatabase) -> Iterator[Problem]:
    for ok, message in (
        (database.deletion_protection, "has no deletion protection"),
        (not database.skip_final_snapshot, "would be deleted without a final snapshot"),
        (not database.delete_automated_backups, "would take its automated backups with it"),
    ):
        if not ok:
            yield Problem(path=(database.name,), message=message)
