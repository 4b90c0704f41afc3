"""Backups, secrets and safeguards that could not keep what was promised are refused."""

import pytest

from tests.unit.infra.texts import ABSENT, changed, problems_of


def refused(path: str, value: object) -> list[str]:
    return problems_of(changed("production", (path, value)))


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (
            "backups.schedule",
            "0 2 * *",
            "backups.schedule: must have five fields: minute, hour, day of month, month, day of week",
        ),
        ("backups.schedule", "0 25 * * *", "backups.schedule: hour must lie within 0-23"),
        ("backups.schedule", "0 2 30 2 *", "backups.schedule: never runs"),
        ("backups.object_lock.days", 10, "backups.object_lock.days: must be at least retention_days (30)"),
        ("backups.object_lock", ABSENT, "backups.object_lock: is missing; this environment is protected"),
        ("backups.replication", False, "backups.replication: must be true; this environment is protected"),
        ("audit.enabled", False, "audit.enabled: must be true; this environment is protected"),
        ("alarms.recommended", False, "alarms.recommended: must be true; this environment is protected"),
        (
            "alarms.recovery.backup_age",
            ABSENT,
            "alarms.recovery.backup_age: is missing; this environment is protected",
        ),
        (
            "alarms.routing.critical",
            [],
            "alarms.routing.critical: is empty, so nobody is told; this environment is protected",
        ),
        ("secrets.1.name", "database-master", "secrets[1].name: 'database-master' is there twice"),
        ("secrets.2.fly_name", "DATABASE_URL", "secrets[2].fly_name: 'DATABASE_URL' is there twice"),
        (
            "secrets.0.rotation_days",
            180,
            "secrets[0].rotation_days: must be at most 90 for the master password",
        ),
        (
            "secrets.0.generated",
            False,
            "secrets[0].generated: must be true: the master password is made up by the command that sets it",
        ),
    ],
)
def test_backups_and_secrets_keep_what_was_promised(path: str, value: object, line: str) -> None:
    assert refused(path, value) == [line]


def test_a_bucket_name_over_63_characters_is_refused() -> None:
    regions = {"ap-southeast-2": "syd", "eu-west-1": "lhr"}
    text = changed(
        "template-app",
        ("product", "a-rather-long-name-1"),
        ("backups.bucket_suffix", "abcdef123456"),
        ("topology", {"regions": list(regions), "primary_region": "eu-west-1", "fly_regions": regions}),
    )
    lines = problems_of(text, "template-app")
    assert len(lines) == 2
    assert lines[0].startswith(
        "backups.bucket_suffix: bucket name "
        "'a-rather-long-name-1-template-app-ap-southeast-2-backups-abcdef123456' has 69 characters"
    )
