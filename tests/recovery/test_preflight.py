"""What a preflight says about what was seen: pass, fail or unknown, and never the wrong one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lifeboat.core.contract import Contract
from scripts.backup.listing import Backup
from scripts.engine.check import Check, Outcome
from scripts.observe.caller import Caller
from scripts.observe.clock_reading import ClockReading
from scripts.observe.databases import SeenRegion
from scripts.observe.disk_room import DiskRoom
from scripts.observe.restore_facts import RestoreFacts
from scripts.observe.restore_groups import ParameterGroup, SecurityGroup, SubnetGroup
from scripts.observe.run_bucket import Protection
from scripts.observe.secret_reach import Reach, SecretReach
from scripts.observe.unseen import Unseen
from scripts.plans.database_restore import plan_restore
from scripts.plans.restore_copy import SPOOLED
from scripts.plans.restore_preflight import disk_checks, restore_checks
from scripts.plans.restore_request import read_request
from tests.backup.manifests import a_manifest
from tests.builders import HOME, OTHER, a_contract
from tests.recovery.plans import MADE_AT, a_plan, a_step

KEY = "database-master"
NOBODY = Unseen(reason="no connection")
ARN = "arn:aws:iam::123456789012:user/alice"


def reached(home: Reach, other: Reach) -> tuple[SecretReach, ...]:
    return (SecretReach(key=KEY, region=HOME, reach=home), SecretReach(key=KEY, region=OTHER, reach=other))


def reading(ahead_s: float, doubt_s: float = 0.5, whose: str = "AWS") -> ClockReading:
    return ClockReading(whose=whose, ahead_s=ahead_s, doubt_s=doubt_s)


def callers(ahead_s: float = 0.0) -> dict[str, Caller | Unseen]:
    return {region: Caller(region=region, identity=ARN, clock=reading(ahead_s)) for region in (HOME, OTHER)}


FACTS = RestoreFacts(
    callers=callers(),
    database_clock=reading(0, whose="database"),
    secrets=reached(Reach.READABLE, Reach.READABLE),
    subnet_group=SubnetGroup(name="sg", vpc_id="vpc-1"),
    parameter_group=ParameterGroup(name="pg", family="postgres16"),
    security_groups=(SecurityGroup(id="sg-1", vpc_id="vpc-1"),),
    conditions_hold=True,
    protection=Protection(versioning="Enabled", lock_days=30),
    state="checkpoint",
    room=DiskRoom(where="/spool", free_bytes=0),
)


def bucket(**more: Any) -> Contract:
    one = {"name": "b", "arn": "arn:aws:s3:::b", "kms_key_arn": f"arn:aws:kms:{OTHER}:123456789012:key/1"}
    return a_contract(backups=a_contract().backups.model_dump() | {"buckets": {OTHER: {**one, **more}}})


def checks(*environment: Contract, **seen: Any) -> dict[str, Check]:
    """Return the checks of an environment by name, with what was seen replaced."""
    plan = a_plan(a_step("restore", parameters={"region": HOME}))
    (contract,) = environment or (bucket(),)
    found = restore_checks(contract, plan, replace(FACTS, **seen))
    assert len({check.name for check in found}) == len(found)
    return {check.name: check for check in found}


def test_where_all_is_well_every_check_passes_and_none_warns() -> None:
    found = checks()
    assert {(check.outcome, check.warning) for check in found.values()} == {(Outcome.PASS, "")}
    assert list(found) == [
        "secret-database-master",
        "clocks",
        "subnet-group",
        "parameter-group",
        "security-groups",
        "run-store",
        "run-store-kept",
        "stack-state",
        "newest-backup",
    ]


@pytest.mark.fault("F26")
@pytest.mark.parametrize("home", Reach)
@pytest.mark.parametrize("other", Reach)
def test_credentials_pass_only_when_a_region_that_answers_has_them(home: Reach, other: Reach) -> None:
    check = checks(secrets=reached(home, other))[f"secret-{KEY}"]
    if Reach.READABLE in (home, other):
        assert check.outcome is Outcome.PASS
    elif (home, other) == (Reach.NO_ANSWER, Reach.NO_ANSWER):
        assert check.outcome is Outcome.UNKNOWN
    else:
        assert check.outcome is Outcome.FAIL
    is_warned = check.outcome is Outcome.PASS and other is not Reach.READABLE
    assert bool(check.warning) is is_warned


@pytest.mark.fault("F26")
def test_credentials_that_lie_in_the_failed_region_alone_fail_and_are_warned_of_before() -> None:
    down = checks(secrets=reached(Reach.NO_ANSWER, Reach.MISSING))[f"secret-{KEY}"]
    assert down.outcome is Outcome.FAIL
    assert f"{OTHER}: has no value" in down.detail
    up = checks(secrets=reached(Reach.READABLE, Reach.MISSING))[f"secret-{KEY}"]
    assert up.outcome is Outcome.PASS
    assert up.warning == f"not without {HOME}: {OTHER}: has no value"


@pytest.mark.fault("F51")
@pytest.mark.parametrize(
    ("aws_s", "database_s", "outcome"),
    [
        (0, 0, Outcome.PASS),
        (29, -0.5, Outcome.PASS),
        (600, 600, Outcome.FAIL),
        (-600, -600, Outcome.FAIL),
        (0, 600, Outcome.FAIL),
        (0, -600, Outcome.FAIL),
        (20, -20, Outcome.FAIL),
    ],
)
def test_clocks_that_are_apart_fail_whichever_is_wrong(
    aws_s: float, database_s: float, outcome: Outcome
) -> None:
    check = checks(callers=callers(aws_s), database_clock=reading(database_s, whose="database"))["clocks"]
    assert check.outcome is outcome


def test_what_the_way_there_may_have_taken_is_no_difference() -> None:
    slow = {HOME: Caller(region=HOME, identity=ARN, clock=reading(34.0, doubt_s=5.0)), OTHER: NOBODY}
    assert checks(callers=slow)["clocks"].outcome is Outcome.PASS


def test_a_database_that_cannot_be_reached_passes_and_is_named() -> None:
    check = checks(database_clock=NOBODY)["clocks"]
    assert check.outcome is Outcome.PASS
    assert "no connection" in check.detail


def test_without_any_clock_of_aws_nobody_can_tell() -> None:
    assert checks(callers={HOME: NOBODY, OTHER: NOBODY})["clocks"].outcome is Outcome.UNKNOWN


@pytest.mark.fault("F21")
@pytest.mark.parametrize(
    ("family", "outcome"),
    [("postgres16", Outcome.PASS), ("postgres15", Outcome.FAIL), ("postgres1", Outcome.FAIL)],
)
def test_a_parameter_group_has_to_fit_the_engine(family: str, outcome: Outcome) -> None:
    check = checks(parameter_group=ParameterGroup(name="pg", family=family))["parameter-group"]
    assert check.outcome is outcome
    assert f"family {family}, the engine is 16.4" in check.detail


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("subnet-group", {"subnet_group": None}),
        ("parameter-group", {"parameter_group": None}),
        ("security-groups", {"security_groups": ()}),
        ("security-groups", {"security_groups": (SecurityGroup(id="sg-1", vpc_id="vpc-2"),)}),
        ("run-store", {"conditions_hold": False}),
        ("run-store", {"conditions_hold": Unseen(reason="AccessDenied", was_refused=True)}),
        ("run-store-kept", {"protection": Protection(versioning="Suspended", lock_days=30)}),
        ("run-store-kept", {"protection": Protection(versioning="", lock_days=None)}),
    ],
)
def test_what_would_break_the_restore_fails_and_nothing_else_does(name: str, seen: dict[str, Any]) -> None:
    found = checks(**seen)
    assert [check.name for check in found.values() if check.outcome is not Outcome.PASS] == [name]
    assert found[name].outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("subnet-group", "subnet_group"),
        ("parameter-group", "parameter_group"),
        ("security-groups", "security_groups"),
        ("run-store", "conditions_hold"),
        ("run-store-kept", "protection"),
        ("stack-state", "state"),
    ],
)
def test_what_nobody_answers_is_unknown_and_never_passes(name: str, field: str) -> None:
    found = checks(**{field: NOBODY})
    assert [check.name for check in found.values() if check.outcome is not Outcome.PASS] == [name]
    assert (found[name].outcome, found[name].detail) == (Outcome.UNKNOWN, "no connection")


@pytest.mark.parametrize(
    ("declared", "found", "outcome", "warns"),
    [
        (None, None, Outcome.PASS, True),
        (None, 1, Outcome.PASS, False),
        (30, 30, Outcome.PASS, False),
        (30, 29, Outcome.FAIL, False),
        (30, None, Outcome.FAIL, False),
    ],
)
def test_a_lock_is_as_declared(
    declared: int | None, found: int | None, outcome: Outcome, warns: bool
) -> None:
    protection = Protection(versioning="Enabled", lock_days=found)
    check = checks(bucket(object_lock_days=declared), protection=protection)["run-store-kept"]
    assert (check.outcome, bool(check.warning)) == (outcome, warns)


def test_an_environment_without_a_bucket_there_has_no_place_for_a_run() -> None:
    found = checks(a_contract(), conditions_hold=None, protection=None)
    assert found["run-store"].outcome is found["run-store-kept"].outcome is Outcome.FAIL


def test_backups_older_than_promised_are_warned_of_and_block_nothing() -> None:
    old = tuple(replace(one, at=one.at - timedelta(hours=2)) for one in a_plan().candidates)
    plan = a_plan(a_step("restore", parameters={"region": HOME}), candidates=old)
    found = {check.name: check for check in restore_checks(bucket(), plan, FACTS)}
    assert found["newest-backup"].outcome is Outcome.PASS
    assert found["newest-backup"].warning == "older than the objective of 1h"
    assert plan.created_at == MADE_AT


@pytest.mark.parametrize(
    ("room", "outcome"),
    [
        (DiskRoom(where="/spool", free_bytes=99), Outcome.FAIL),
        (DiskRoom(where="/spool", free_bytes=100), Outcome.PASS),
        (NOBODY, Outcome.UNKNOWN),
    ],
)
def test_a_copy_that_is_spooled_needs_its_room(room: DiskRoom | Unseen, outcome: Outcome) -> None:
    steps = (a_step("restore", parameters={"region": HOME}), a_step("load", parameters={SPOOLED: 100}))
    (check,) = disk_checks(a_plan(*steps), room)
    assert (check.name, check.outcome) == ("disk", outcome)
    assert disk_checks(a_plan(steps[0]), NOBODY) == ()


def test_the_plan_of_a_logical_copy_says_what_it_spools() -> None:
    contract = bucket().model_copy(
        update={"databases": {HOME: bucket().databases[HOME].model_copy(update={"name": "shop"})}}
    )
    copy = Backup(manifest=a_manifest(1, stopped_at=MADE_AT - timedelta(hours=1)))
    world = {HOME: SeenRegion(region=HOME, copies=(copy,)), OTHER: SeenRegion(region=OTHER)}
    plan = plan_restore(contract, world, read_request(copy.id, "beside", now=MADE_AT), now=MADE_AT)
    tiny = DiskRoom(where="/spool", free_bytes=copy.manifest.plain_bytes - 1)
    found = {check.name: check for check in restore_checks(contract, plan, replace(FACTS, room=tiny))}
    assert found["disk"].outcome is Outcome.FAIL
    assert found["newest-backup"].warning == "older than the objective of 1h"


@pytest.mark.fault("F21")
def test_the_family_fits_the_version_that_is_asked_for() -> None:
    given = {"EngineVersion": "17.2"}
    plan = a_plan(a_step("restore", parameters={"region": HOME, "given": given}))
    found = {check.name: check for check in restore_checks(bucket(), plan, FACTS)}
    assert found["parameter-group"].outcome is Outcome.FAIL
    assert "the engine is 17.2" in found["parameter-group"].detail
