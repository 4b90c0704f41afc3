"""Thresholds become alarms on series that exist, in their unit, and somebody is told once."""

import pytest

from infra.config.metrics import APP_METRICS, DATABASE_METRICS, RECOVERY_METRICS
from infra.desired import build
from infra.desired.model import Comparison, DesiredAlarm, DesiredEnvironment, MissingData
from tests.unit.infra.texts import config_of


def alarm(desired: DesiredEnvironment, name: str) -> DesiredAlarm:
    (found,) = [each for each in desired.alarms if each.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "metric", "threshold", "comparison"),
    [
        ("app-cpu-warning", "CpuUtilization", 70, Comparison.GREATER),
        ("app-cpu-critical", "CpuUtilization", 85, Comparison.GREATER),
        ("app-memory-warning", "MemoryUtilization", 80, Comparison.GREATER),
        ("app-memory-critical", "MemoryUtilization", 90, Comparison.GREATER),
        ("app-response-time-warning", "ResponseTime", 500, Comparison.GREATER),
        ("app-response-time-critical", "ResponseTime", 1000, Comparison.GREATER),
        ("app-error-rate-warning", "ErrorRate", 1, Comparison.GREATER),
        ("app-error-rate-critical", "ErrorRate", 5, Comparison.GREATER),
        ("app-redis-memory-warning", "RedisMemoryUtilization", 80, Comparison.GREATER),
        ("app-redis-memory-critical", "RedisMemoryUtilization", 90, Comparison.GREATER),
        ("app-healthy-machines-critical", "HealthyMachines", 1, Comparison.LESS),
        ("database-us-west-1-connections-warning", "DatabaseConnections", 18, Comparison.GREATER),
        ("database-us-west-1-connections-critical", "DatabaseConnections", 20, Comparison.GREATER),
        ("database-us-west-1-free-storage-critical", "FreeStorageSpace", 10 * 1024**3, Comparison.LESS),
        ("database-us-west-1-free-memory-warning", "FreeableMemory", 1024**3, Comparison.LESS),
        ("database-us-west-1-read-latency-warning", "ReadLatency", 0.02, Comparison.GREATER),
        ("database-us-west-1-load-warning", "DBLoad", 2, Comparison.GREATER),
        ("database-us-east-2-replica-lag-critical", "ReplicaLag", 300, Comparison.GREATER),
        ("recovery-us-east-2-backup-age-critical", "BackupAge", 36 * 3600, Comparison.GREATER),
    ],
)
def test_production_watches_its_table(
    name: str, metric: str, threshold: float, comparison: Comparison
) -> None:
    found = alarm(build(config_of("production")), name)
    assert (found.metric_name, found.threshold, found.comparison) == (metric, threshold, comparison)


def test_a_percentile_is_said_to_be_one() -> None:
    desired = build(config_of("production"))
    assert alarm(desired, "app-response-time-warning").statistic == "p95"
    assert alarm(desired, "app-response-time-warning").is_percentile
    assert not alarm(desired, "app-cpu-warning").is_percentile


def test_a_percentage_of_connections_follows_the_servers_limit() -> None:
    path = ("alarms.database.connections", {"critical": 90, "unit": "percent"})
    by_class = build(config_of("production", path))
    by_parameter = build(config_of("production", path, ("database.parameters.max_connections", 200)))
    name = "database-us-west-1-connections-critical"
    assert (alarm(by_class, name).threshold, alarm(by_parameter, name).threshold) == (405, 180)


def test_changing_one_threshold_changes_one_alarm_and_not_its_name() -> None:
    before = build(config_of("production"))
    after = build(config_of("production", ("alarms.app.cpu.warning", 75)))
    differing = [
        (old.name, new.name) for old, new in zip(before.alarms, after.alarms, strict=True) if old != new
    ]
    assert differing == [("app-cpu-warning", "app-cpu-warning")]
    assert before.composites == after.composites


def test_silence_of_backups_and_machines_is_an_alarm() -> None:
    desired = build(config_of("production"))
    silent = {each.metric_name for each in desired.alarms if each.missing_data is MissingData.BREACHING}
    assert {"BackupAge", "RecoverableAge", "RestoreTestAge", "HealthyMachines", "CPUUtilization"} <= silent


def test_the_age_of_backups_is_watched_from_both_regions() -> None:
    desired = build(config_of("production"))
    regions = {each.region for each in desired.alarms if each.metric_name == "BackupAge"}
    assert regions == {"us-west-1", "us-east-2"}


def test_an_hourly_series_is_compared_hourly() -> None:
    found = alarm(build(config_of("production")), "recovery-us-east-2-backup-age-critical")
    assert (found.period_s, found.evaluation_periods, found.datapoints_to_alarm) == (3600, 1, 1)


def test_children_of_a_composite_keep_quiet_and_nobody_else() -> None:
    desired = build(config_of("production"))
    children = {child for composite in desired.composites for child in composite.children}
    assert children == {each.physical_name for each in desired.alarms if each.topic is None}
    assert {composite.name for composite in desired.composites} == {
        "db-critical-us-west-1",
        "db-critical-us-east-2",
        "dr-at-risk-us-west-1",
        "dr-at-risk-us-east-2",
    }


def test_a_composite_says_so_in_cloudwatchs_words() -> None:
    composite = build(config_of("template-app")).composites[0]
    assert composite.rule == " OR ".join(f'ALARM("{child}")' for child in composite.children)
    assert composite.rule.startswith('ALARM("template-app-template-app-us-east-1-')


def test_recommended_alarms_can_be_left_out_and_burstable_ones_come_by_class() -> None:
    without = build(config_of("local"))
    assert {each.metric_name for each in without.alarms if each.namespace == "AWS/RDS"} == {
        "DatabaseConnections",
        "ReplicaLag",
    }
    burstable = {each.metric_name for each in build(config_of("production")).alarms}
    steady = {each.metric_name for each in build(config_of("prep")).alarms}
    assert "CPUCreditBalance" in burstable - steady


def test_a_products_own_metric_is_emitted_under_its_own_name() -> None:
    found = alarm(build(config_of("prep")), "app-payment-success-critical")
    assert (found.namespace, found.metric_name, found.comparison) == (
        "Lifeboat/App",
        "PaymentSuccess",
        Comparison.LESS,
    )
    assert (found.threshold, found.unit) == (99, "Percent")
    assert alarm(build(config_of("prep")), "app-compliance-time-warning").threshold == 5000


def test_no_two_metrics_of_a_table_share_a_name() -> None:
    for kinds in (APP_METRICS, DATABASE_METRICS, RECOVERY_METRICS):
        assert len({kind.key for kind in kinds}) == len({kind.metric_name for kind in kinds}) == len(kinds)


def test_a_failing_topic_is_told_to_the_other_one() -> None:
    for each in build(config_of("production")).alarms:
        if each.namespace == "AWS/SNS":
            assert each.topic is not None
            assert dict(each.dimensions)["TopicName"].rsplit("-", 1)[1] not in each.topic.name


def test_addresses_with_a_token_are_left_to_the_operator() -> None:
    routes = build(config_of("prep")).routes
    assert {route.protocol.value for route in routes if not route.by_program} == {"https", "slack"}
    assert {route.endpoint for route in routes if route.by_program} == {"oncall@prep.com"}
