"""Databases carry every safe default, so that a restore can be compared with them."""

import pytest

from infra.desired import build
from infra.desired.model import ApplyMethod, DesiredDatabase
from infra.desired.reference import KeyRef
from tests.unit.infra.texts import config_of


def primary(environment: str, *changes: tuple[str, object]) -> DesiredDatabase:
    (found,) = [
        each for each in build(config_of(environment, *changes)).databases if each.role.value == "primary"
    ]
    return found


def test_production_is_encrypted_watched_and_hard_to_lose() -> None:
    database = primary("production")
    assert (database.storage_encrypted, database.key) == (True, KeyRef("database", "us-west-1"))
    assert (database.deletion_protection, database.protected, database.retain_on_delete) == (True, True, True)
    assert (database.skip_final_snapshot, database.delete_automated_backups) == (False, False)
    assert (database.performance_insights, database.performance_insights_retention_days) == (True, 7)
    assert (database.monitoring_interval_s, database.monitoring_role is not None) == (60, True)
    assert (database.iam_authentication, database.copy_tags_to_snapshot) == (True, True)
    assert (database.apply_immediately, database.allow_major_version_upgrade) == (False, False)
    assert database.ca_certificate == "rds-ca-rsa2048-g1"
    assert database.log_exports == ("postgresql", "upgrade")


def test_an_unprotected_environment_can_be_thrown_away() -> None:
    database = primary("local")
    assert (database.deletion_protection, database.protected, database.retain_on_delete) == (False,) * 3
    assert (database.skip_final_snapshot, database.delete_automated_backups) == (True, True)
    assert (database.monitoring_interval_s, database.monitoring_role) == (0, None)


def test_the_log_groups_have_the_names_rds_writes_to() -> None:
    database = primary("production")
    assert [group.physical_name for group in database.log_groups] == [
        f"/aws/rds/instance/{database.physical_name}/postgresql",
        f"/aws/rds/instance/{database.physical_name}/upgrade",
    ]


def test_only_the_primary_has_a_standby() -> None:
    desired = build(config_of("production"))
    assert {each.role.value: each.multi_az for each in desired.databases} == {
        "primary": True,
        "replica": False,
    }


@pytest.mark.parametrize(("version", "automatic"), [("16", True), ("16.4", False)])
def test_a_pinned_minor_version_is_not_upgraded_by_rds(version: str, automatic: bool) -> None:
    database = primary("production", ("database.engine_version", version))
    assert (database.engine_version, database.auto_minor_version_upgrade) == (version, automatic)


def test_private_reach_takes_the_way_to_the_internet_away() -> None:
    desired = build(config_of("local"))
    assert {network.internet_gateway for network in desired.networks} == {False}
    assert {database.publicly_accessible for database in desired.databases} == {False}


@pytest.mark.parametrize(
    ("tier", "databases", "replications"), [("none", 1, 0), ("backups", 1, 1), ("replica", 2, 1)]
)
def test_the_tier_decides_what_stands_in_the_recovery_region(
    tier: str, databases: int, replications: int
) -> None:
    desired = build(
        config_of(
            "local",
            ("database.recovery_tier", tier),
            ("alarms.database", {}),
            ("objectives.rpo_minutes", 1455),
            ("objectives.rto_minutes", 60),
        )
    )
    assert (len(desired.databases), len(desired.backup_replications)) == (databases, replications)
    assert len(desired.subnet_groups) == len(desired.parameter_groups) == len(desired.networks) == 2


def test_parameters_are_ours_the_environments_and_those_nobody_chooses() -> None:
    group = build(config_of("production", ("database.parameters.max_connections", 60))).parameter_groups[0]
    settings = {each.name: (each.value, each.apply_method) for each in group.parameters}
    assert settings["rds.force_ssl"] == ("1", ApplyMethod.IMMEDIATE)
    assert settings["password_encryption"] == ("scram-sha-256", ApplyMethod.IMMEDIATE)
    assert settings["shared_preload_libraries"] == ("pg_stat_statements", ApplyMethod.PENDING_REBOOT)
    assert settings["max_connections"] == ("60", ApplyMethod.PENDING_REBOOT)
    assert settings["log_min_duration_statement"] == ("500", ApplyMethod.IMMEDIATE)
    assert settings["log_temp_files"] == ("10240", ApplyMethod.IMMEDIATE)
    assert (group.family, group.physical_name) == ("postgres16", "paintbox-production-us-west-1-postgres16")


def test_no_value_of_the_model_is_a_password() -> None:
    assert not [name for name in DesiredDatabase.__dataclass_fields__ if "password" in name]
    assert primary("production").master_secret.name == "secret-database-master"


def test_zones_get_subnets_that_leave_room_for_more() -> None:
    two = build(config_of("production")).networks[0]
    three = build(config_of("production", ("network.zones", 3))).networks[0]
    assert [subnet.cidr for subnet in two.subnets] == ["10.20.0.0/20", "10.20.16.0/20"]
    assert three.subnets[:2] == two.subnets


def test_the_pool_is_said_only_where_there_is_a_database() -> None:
    connections = build(config_of("production")).connections
    assert connections is not None
    assert (connections.pool_min, connections.pool_max) == (5, 20)
    assert build(config_of("template-app")).connections is None
