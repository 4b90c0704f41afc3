"""The Fly half of the program: what is registered, what it waits for, and what it is never told."""

from __future__ import annotations

import pytest

from lifeboat.core.contract import OUTPUT_NAME, parse_contract
from tests.infra.environments import EACH, desired, recorded
from tests.infra.recording import Registration

PRODUCTION = "production"


def of(environment: str, kind: str) -> list[Registration]:
    return [one for one in recorded(environment).fly if one.type == f"fly:index:{kind}"]


@pytest.mark.parametrize("environment", EACH)
def test_everything_an_app_needs_is_registered_once(environment: str) -> None:
    names = [one.name for one in recorded(environment).fly]
    wanted: list[str] = []
    for app in desired(environment).fly_apps:
        wanted += [app.name, *([app.secrets_name] if app.secrets else [])]
        wanted += [one.name for one in app.addresses]
        wanted += [one.name for one in app.egress]
        wanted += [one.name for one in app.certificates]
        wanted += [one.name for one in app.groups]
        wanted += [volume.name for group in app.groups for volume in group.volumes]
    assert sorted(names) == sorted(wanted)


@pytest.mark.parametrize("environment", EACH)
def test_what_cannot_be_made_again_is_protected_where_the_environment_is(environment: str) -> None:
    kept = [one for kind in ("App", "IpAddress", "EgressIp", "Volume") for one in of(environment, kind)]
    assert {one.protect for one in kept} == {desired(environment).protected}
    assert {one.retain_on_delete for one in kept} == {desired(environment).protected}


@pytest.mark.parametrize("environment", EACH)
def test_machines_come_after_addresses_and_with_the_secrets(environment: str) -> None:
    for group in of(environment, "MachineGroup"):
        siblings = [one for one in recorded(environment).fly if one.parent == group.parent]
        before = {one.urn for one in siblings if one.type in {"fly:index:IpAddress", "fly:index:EgressIp"}}
        assert before <= set(group.dependencies)
        secrets = {one.urn for one in siblings if one.type == "fly:index:AppSecrets"}
        assert secrets <= set(group.dependencies)
        assert ("secretsVersion" in group.inputs) == bool(secrets)


@pytest.mark.parametrize("environment", EACH)
def test_a_batch_of_secrets_says_where_values_are_and_no_value(environment: str) -> None:
    for batch in of(environment, "AppSecrets"):
        assert set(batch.inputs) == {"app", "sources"}
        for source in batch.inputs["sources"].values():
            assert set(source) <= {"secret", "regions", "template"}
            assert "{value}" in source.get("template", "{value}")


def test_the_database_address_is_filled_in_and_the_value_is_not() -> None:
    (batch,) = of(PRODUCTION, "AppSecrets")
    template = batch.inputs["sources"]["DATABASE_URL"]["template"]
    assert template.startswith("postgresql://paintbox_app:{value}@database-us-west-1.")
    assert template.endswith(":5432/paintbox?sslmode=require")


def test_both_databases_admit_the_egress_addresses_of_both_regions() -> None:
    rules = [one for one in recorded(PRODUCTION).of("vpc/securityGroupIngressRule:SecurityGroupIngressRule")]
    addresses = {one.outputs["ipv4"] for one in of(PRODUCTION, "EgressIp")}
    assert len(addresses) == 2
    for region in desired(PRODUCTION).topology.regions:
        assert {rule.inputs["cidrIpv4"] for rule in rules if rule.region == region} == {
            f"{address}/32" for address in addresses
        }


@pytest.mark.parametrize("environment", EACH)
def test_the_contract_tells_what_a_rebuild_needs(environment: str) -> None:
    contract = parse_contract(recorded(environment).stack_outputs[OUTPUT_NAME], source="output")
    assert contract.fly is not None
    for app in desired(environment).fly_apps:
        found = contract.fly.apps[app.key]
        assert found.name == app.physical_name
        assert set(found.secrets) == {secret.fly_name for secret in app.secrets}
        assert set(found.egress) == {one.fly_region for one in app.egress}
        for group in app.groups:
            told = found.groups[group.group]
            assert told.config == group.config
            assert len(told.machines) == sum(count for _, count in (*group.regions, *group.standby_regions))
            assert {one.role for one in told.machines} <= {"active", "standby"}
