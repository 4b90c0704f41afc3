"""The contract: what the program exports, and the same document as an object in the recovery region."""

from __future__ import annotations

import json

import pytest

from infra.__main__ import main
from lifeboat.core.contract import OUTPUT_NAME, parse_contract
from lifeboat.core.identity import local_stack_of
from tests.infra.environments import EACH, ROOT, Data, desired, recorded, recorded_of
from tests.infra.recording import Recording, Registration, record
from tests.infra.wire import Unknown

PRODUCTION = "production"


def manifest(recording: Recording) -> Registration:
    (found,) = recording.of("s3/bucketObjectv2:BucketObjectv2")
    return found


@pytest.mark.parametrize("environment", EACH)
def test_the_one_output_is_a_valid_contract(environment: str) -> None:
    outputs = recorded(environment).stack_outputs
    assert set(outputs) == {OUTPUT_NAME}
    contract = parse_contract(outputs[OUTPUT_NAME], source="output")
    assert contract.environment == environment
    assert contract.stack == environment
    model = desired(environment)
    assert set(contract.secrets) == {secret.name.removeprefix("secret-") for secret in model.secrets}
    assert sum(map(len, contract.alarms.names.values())) == len(model.alarms) + len(model.composites)
    assert set(contract.backups.buckets) == set(model.topology.regions)
    locks = {one.physical_name: one.object_lock.days for one in model.buckets if one.object_lock}
    told = {one.name: one.object_lock_days for one in contract.backups.buckets.values()}
    assert told == {name: locks.get(name) for name in told}


@pytest.mark.parametrize("environment", EACH)
def test_the_manifest_holds_the_same_document(environment: str) -> None:
    recording = recorded(environment)
    document = recording.stack_outputs[OUTPUT_NAME]
    found = manifest(recording)
    assert json.loads(found.inputs["content"]) == document
    assert (
        found.inputs["content"]
        == json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"
    )
    place = document["manifest"]
    assert (found.inputs["bucket"], found.inputs["key"]) == (place["bucket"], place["key"])
    assert found.region == place["region"] == document["topology"]["recovery_region"]


@pytest.mark.parametrize("environment", EACH)
def test_the_manifest_is_written_after_everything_else(environment: str) -> None:
    recording = recorded(environment)
    found = manifest(recording)
    others = {one.urn for one in recording.custom} - {found.urn}
    assert set(found.dependencies) >= others


@pytest.mark.parametrize("environment", EACH)
def test_every_arn_of_the_contract_is_one_that_a_resource_got(environment: str) -> None:
    recording = recorded(environment)
    contract = parse_contract(recording.stack_outputs[OUTPUT_NAME], source="output")
    made = {str(one.outputs.get("arn")) for one in recording.custom}
    assert {arn for arns in contract.keys.values() for arn in arns.values()} <= made
    assert set(contract.roles.values()) <= made
    assert {database.arn for database in contract.databases.values()} <= made
    assert {bucket.arn for bucket in contract.backups.buckets.values()} <= made
    assert {arn for topics in contract.alarms.topics.values() for arn in topics.values()} <= made


def test_the_copy_of_a_secret_has_its_arn_but_for_the_region() -> None:
    contract = parse_contract(recorded(PRODUCTION).stack_outputs[OUTPUT_NAME], source="output")
    home, other = contract.topology.regions
    for secret in contract.secrets.values():
        assert secret.arns[other] == secret.arns[home].replace(home, other)


def test_two_runs_write_the_same_manifest() -> None:
    again = record(main, stack=PRODUCTION, root=ROOT)
    assert manifest(again).inputs == manifest(recorded(PRODUCTION)).inputs


def test_a_first_preview_registers_everything_and_knows_no_contract() -> None:
    preview = recorded_of(desired(PRODUCTION), stack=PRODUCTION, preview=True)
    assert {one.urn for one in preview.custom} == {one.urn for one in recorded(PRODUCTION).custom}
    assert isinstance(preview.stack_outputs[OUTPUT_NAME], Unknown)
    assert isinstance(manifest(preview).inputs["content"], Unknown)


def test_the_program_does_the_same_whichever_cloud_answers() -> None:
    """A local stack of the environment differs in the stack's name, and in nothing else."""
    local = record(main, stack=local_stack_of(PRODUCTION), root=ROOT)
    assert described(local) == described(recorded(PRODUCTION))


def described(recording: Recording) -> list[tuple[object, ...]]:
    def of(one: Registration) -> tuple[object, ...]:
        inputs = {key: value for key, value in one.inputs.items() if key not in {"password", "content"}}
        return one.type, one.name, json.dumps(inputs, sort_keys=True), one.protect, one.retain_on_delete

    return sorted(of(one) for one in recording.registrations)


def test_a_former_primary_is_not_in_the_contract() -> None:
    model = desired(PRODUCTION, keep_a_former_primary)
    recording = recorded_of(model)
    contract = parse_contract(recording.stack_outputs[OUTPUT_NAME], source="output")
    assert len(recording.of("rds/instance:Instance")) == 2
    assert set(contract.databases) == {model.topology.primary_region}


def keep_a_former_primary(data: Data) -> None:
    """Fail away from a database that is restored from backups, and keep the old one."""
    topology, database = data["topology"], data["database"]
    old = topology["primary_region"]
    (topology["primary_region"],) = set(topology["regions"]) - {old}
    database["recovery_tier"] = "backups"
    database["kept_regions"] = [old]
    del data["alarms"]["database"]["replica_lag"]
    data["objectives"]["rto_minutes"] = 240
