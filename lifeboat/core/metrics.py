"""The series that tell how well an environment could come back: named once for who emits and who watches.

    scripts (backups, drills) ─► CloudWatch ─► alarms declared by infra

A series without data is bad news by declaration, so each says how often somebody has to speak.
"""

from __future__ import annotations

from dataclasses import dataclass

APP_NAMESPACE = "Lifeboat/App"
DR_NAMESPACE = "Lifeboat/DR"
SECONDS = "Seconds"
_DIMENSION = "Environment"
_FIVE_MINUTES_S, _HOUR_S = 300, 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryMetric:
    """One series of `Lifeboat/DR`, in seconds.

    Args:
        key: its name in the environment file.
        name: its name in CloudWatch.
        interval_s: length of one datapoint; without one in it the alarm takes it for bad.
        in_both_regions: emitted into both regions; otherwise into the recovery region alone, the one that
            still answers when the other is lost.
    """

    key: str
    name: str
    interval_s: int = _HOUR_S
    in_both_regions: bool = False


BACKUP_AGE = RecoveryMetric(key="backup_age", name="BackupAge", in_both_regions=True)
"""Age of the data in the newest complete logical backup, of the database for which it is oldest."""
RECOVERABLE_AGE = RecoveryMetric(key="recoverable_age", name="RecoverableAge", interval_s=_FIVE_MINUTES_S)
"""Age of the newest moment that replicated automated backups could restore in the recovery region."""
RESTORE_TEST_AGE = RecoveryMetric(key="restore_test_age", name="RestoreTestAge")
"""Time since a backup was last restored and looked at, of the database for which it is longest."""
RESTORE_DURATION = RecoveryMetric(key="restore_duration", name="RestoreDuration")
"""How long that took."""

RECOVERY_SERIES = (BACKUP_AGE, RECOVERABLE_AGE, RESTORE_TEST_AGE, RESTORE_DURATION)


def environment_dimension(product: str, environment: str) -> tuple[str, str]:
    """Return name and value of the one dimension all of them carry."""
    return _DIMENSION, f"{product}-{environment}"
