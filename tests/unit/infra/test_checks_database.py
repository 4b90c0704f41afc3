"""Database settings that RDS would refuse later are refused now, at the key that has to change."""

import pytest

from tests.unit.infra.texts import changed, config_of, problems_of


def refused(path: str, value: object) -> list[str]:
    return problems_of(changed("production", (path, value)))


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        ("max_storage_gib", 100, "database.max_storage_gib: must be greater than storage_gib (100)"),
        (
            "instance_class",
            "db.x2g.large",
            "database.instance_class: must be a class of the t3, t4g, m or r families, such as db.t4g.medium",
        ),
        (
            "instance_class",
            "db.t4g.huge",
            "database.instance_class: has no size 'huge'; "
            "sizes are micro, small, medium, large, xlarge, 2xlarge",
        ),
        ("backup_window", "03:00", "database.backup_window: must look like 02:00-03:00 (UTC)"),
        ("backup_window", "03:00-03:20", "database.backup_window: must last at least 30 minutes"),
        (
            "maintenance_window",
            "sun:03:30-sun:05:00",
            "database.maintenance_window: touches the backup window (03:00-04:00)",
        ),
        (
            "maintenance_window",
            "Sunday 05:00",
            "database.maintenance_window: must look like sun:04:00-sun:05:00 (UTC)",
        ),
        (
            "monitoring_interval_s",
            7,
            "database.monitoring_interval_s: must be one of 0, 1, 5, 10, 15, 30, 60",
        ),
        (
            "log_retention_days",
            31,
            "database.log_retention_days: is not a retention cloudwatch offers, such as 30, 90 or 365",
        ),
        ("master_username", "postgres", "database.master_username: 'postgres' is reserved by rds"),
        ("retention_days", 7, "database.retention_days: must be at least 30, the objective"),
        ("pool.min", 30, "database.pool.min: must not be greater than max (20)"),
        ("kept_regions", ["us-east-2"], "database.kept_regions[0]: holds the replica anyway"),
        ("kept_regions", ["us-west-1"], "database.kept_regions[0]: holds the primary anyway"),
        ("kept_regions", ["eu-west-1"], "database.kept_regions[0]: must be one of us-west-1, us-east-2"),
        (
            "master_secret",
            "database-mster",
            "database.master_secret: no secret 'database-mster' in secrets; did you mean 'database-master'?",
        ),
    ],
)
def test_settings_rds_would_refuse_later_are_refused_now(path: str, value: object, line: str) -> None:
    assert refused(f"database.{path}", value) == [line]


def test_a_pool_must_fit_into_the_server() -> None:
    assert refused("database.parameters.max_connections", 15) == [
        "database.pool.max: must not be greater than the server's connections (15)"
    ]


@pytest.mark.parametrize(
    ("parameters", "line"),
    [
        ({"rds.force_ssl": False}, "rds.force_ssl: is always '1' and cannot be chosen"),
        (
            {"wrk_mem": 1},
            "wrk_mem: is not on the list of settings an environment may choose; did you mean 'work_mem'?",
        ),
        ({"ssl": False}, "ssl: is not on the list of settings an environment may choose"),
        ({"work_mem": "1MB"}, "work_mem: must be a whole number"),
        ({"work_mem": 1}, "work_mem: must lie within 64-2147483647"),
        ({"track_io_timing": 1}, "track_io_timing: must be true or false"),
        ({"log_statement": "some"}, "log_statement: must be one of none, ddl, mod, all"),
    ],
)
def test_only_listed_server_settings_can_be_chosen(parameters: dict[str, object], line: str) -> None:
    assert refused("database.parameters", parameters) == [f"database.parameters.{line}"]


def test_a_retention_objective_over_what_rds_keeps_asks_rds_for_all_it_has() -> None:
    assert refused("objectives.retention_days", 60) == [
        "database.retention_days: must be at least 35, the objective",
        "backups.retention_days: must be at least 60, the objective",
    ]


def test_a_failed_over_environment_with_replicated_backups_can_keep_its_old_database() -> None:
    config = config_of(
        "staging", ("topology.primary_region", "us-east-2"), ("database.kept_regions", ["us-west-1"])
    )
    assert config.database is not None
    assert config.database.kept_regions == ("us-west-1",)
