"""What an environment's data makes of its Fly apps: active here, ready there, admitted by both databases."""

from dataclasses import replace

import pytest

from infra.desired import build
from infra.desired.model import DesiredEnvironment, DesiredFlyApp
from tests.unit.infra.texts import KNOWN, config_of, tree_of


def model(environment: str, *changes: tuple[str, object]) -> DesiredEnvironment:
    return build(config_of(environment, *changes))


def web(environment: str, *changes: tuple[str, object]) -> DesiredFlyApp:
    return model(environment, *changes).fly_apps[0]


def failed_over(environment: str) -> DesiredEnvironment:
    other = tree_of(environment)["topology"]["regions"][1]
    kept = tree_of(environment)["topology"]["regions"][0]
    database = tree_of(environment).get("database")
    keeps = [("database.kept_regions", [kept])] if database and database["recovery_tier"] == "backups" else []
    return model(environment, ("topology.primary_region", other), *keeps)


def test_active_machines_are_where_the_primary_is() -> None:
    (group,) = web("production").groups
    assert (group.regions, group.standby_regions) == ((("sjc", 3),), (("ord", 2),))
    assert group.config["env"]["PRIMARY_REGION"] == "sjc"
    (after,) = failed_over("production").fly_apps[0].groups
    assert (after.regions, after.standby_regions) == ((("ord", 3),), (("sjc", 2),))
    assert after.config["env"]["PRIMARY_REGION"] == "ord"


@pytest.mark.parametrize("environment", KNOWN)
def test_a_failover_renames_and_replaces_nothing_of_an_app(environment: str) -> None:
    before, after = model(environment), failed_over(environment)
    for old, new in zip(before.fly_apps, after.fly_apps, strict=True):
        assert replace(new, groups=old.groups, secrets=old.secrets) == old
        assert [group.name for group in old.groups] == [group.name for group in new.groups]
        assert [group.volumes for group in old.groups] == [group.volumes for group in new.groups]
    assert after.egress_rules == before.egress_rules


def test_the_database_address_is_that_of_the_primary() -> None:
    def asked(desired: DesiredEnvironment) -> set[str]:
        return {one.database.name for one in desired.fly_apps[0].secrets if one.database is not None}

    assert asked(model("production")) == {"database-us-west-1"}
    assert asked(failed_over("production")) == {"database-us-east-2"}


def test_every_egress_address_is_admitted_by_every_database_beforehand() -> None:
    rules = model("production").egress_rules
    assert {(rule.egress, rule.region) for rule in rules} == {
        (f"fly-web-egress-{code}", region) for code in ("sjc", "ord") for region in ("us-west-1", "us-east-2")
    }


def test_an_app_gets_the_secrets_that_have_a_name_for_it() -> None:
    names = {one.fly_name for one in web("local").secrets}
    assert names == {"JWT_SECRET", "DATABASE_URL"}
    assert {one.fly_name for one in web("local", ("fly.apps.web.secrets", ["jwt-signing"])).secrets} == {
        "JWT_SECRET"
    }


def test_the_machine_config_speaks_the_api() -> None:
    config = web("production").groups[0].config
    assert config["guest"] == {"cpu_kind": "shared", "cpus": 4, "memory_mb": 1024}
    (service,) = config["services"]
    assert service["checks"][0]["path"] == "/health/live"
    assert service["autostop"] == "off"
    assert config["env"]["DATABASE_POOL_MAX"] == "20"


def test_a_worker_has_no_address_and_a_web_app_has_two() -> None:
    apps = {app.key: app for app in model("prep").fly_apps}
    assert [one.type for one in apps["api"].addresses] == ["shared_v4", "v6"]
    assert apps["worker"].addresses == ()
    assert [one.type for one in web("prep", ("fly.apps.api.ipv4", True)).addresses] == ["v4", "v6"]


def test_each_machine_of_a_group_with_a_disk_has_its_own() -> None:
    (group,) = web("proofkit").groups
    places = [(volume.fly_region, volume.volume_name) for volume in group.volumes]
    assert places == [
        ("fra", "evidence_1"),
        ("fra", "evidence_2"),
        ("cdg", "evidence_1"),
        ("cdg", "evidence_2"),
    ]
    assert group.config["mounts"] == [{"name": "evidence", "path": "/data"}]
