"""Every part of every listed deviation from Fly's description is really met, and so is nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest

from localcloud.fly.api.incoming import LONGEST_BODY
from localcloud.fly.faults.board import FaultKind, FaultSpec
from localcloud.fly.openapi.deviations import DEVIATIONS
from tests.contract.described import Part, needed_by_answer, operations, parts
from tests.contract.judging import judge, judge_answer, judge_request
from tests.contract.populated_fly import LIGHT, Asked, PopulatedFly
from tests.contract.well_known import well_known

SHOW = Asked(operation="Apps_show")


@pytest.fixture(scope="module")
def populated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PopulatedFly]:
    """A populated Fly."""
    fly = PopulatedFly(tmp_path_factory.mktemp("fly"))
    yield fly
    fly.close()


def _refused(fly: PopulatedFly) -> dict[int, tuple[Asked, FaultSpec | None]]:
    """Return a request for each refusal, and the fault it meets."""
    config = {"image": LIGHT, "mounts": [{"volume": fly.known["volume mounted"], "path": "/data"}]}
    huge = b'{"name": "' + b"x" * LONGEST_BODY + b'"}'
    full = Asked(operation="Machines_create", body={"config": {"image": LIGHT}})
    held = Asked(operation="Machines_cordon", path={"machine_id": fly.known["machine leased"]})
    return {
        400: (Asked(operation="Apps_show", query=[("unknown", "1")]), None),
        401: (Asked(operation="Apps_show", headers={"Authorization": "FlyV1 fm2_x"}), None),
        403: (
            Asked(
                operation="Apps_show",
                path={"app_name": "foreign"},
                headers={"Authorization": fly.known["app token"]},
            ),
            None,
        ),
        404: (Asked(operation="Apps_show", path={"app_name": "nobody"}), None),
        408: (Asked(operation="Machines_cordon"), FaultSpec(kind=FaultKind.REGION_DOWN, region="fra")),
        409: (held, None),
        412: (Asked(operation="Machines_create", body={"config": config}), None),
        413: (Asked(operation="Apps_create", body=huge), None),
        422: (full, FaultSpec(kind=FaultKind.NO_CAPACITY)),
        429: (SHOW, FaultSpec(kind=FaultKind.RATE_STORM)),
        501: (Asked(operation="Postgres_list", query=[("org_slug", "lifeboat")]), None),
        **{
            status: (SHOW, FaultSpec(kind=FaultKind.API_DOWN, status=status))
            for status in (500, 502, 503, 504)
        },
    }


def test_every_implemented_operation_succeeds_inside_the_description(populated: PopulatedFly) -> None:
    succeeded = set()
    for asked in well_known(populated):
        populated.restore()
        answer = populated.ask(asked)
        assert answer.is_success, (asked, answer.text)
        judge(asked, answer)
        succeeded.add(asked.operation)
    assert succeeded == {name for name, is_built in populated.emulator.table.operations() if is_built}


def test_every_part_of_every_deviation_is_met(populated: PopulatedFly) -> None:
    met: defaultdict[Part, list[str]] = defaultdict(list)
    for asked in well_known(populated):
        populated.restore()
        for part in judge(asked, populated.ask(asked)):
            met[part].append(asked.operation)
    for status, (asked, fault) in _refused(populated).items():
        populated.restore()
        if fault is not None:
            populated.declare(fault)
        answer = populated.ask(asked)
        assert answer.status_code == status, answer.text
        for part in judge_answer(asked, answer):
            met[part].append(asked.operation)
    for part in _of_a_lost_region(populated) | _of_a_missing_nonce(populated):
        met[part].append("explicit")
    assert {index for index, _ in enumerate(DEVIATIONS)} == {part.deviation for part in parts()}
    unproven = [str(part) for part in parts() if part not in met]
    assert unproven == []


def _of_a_lost_region(populated: PopulatedFly) -> frozenset[Part]:
    populated.restore()
    populated.declare(FaultSpec(kind=FaultKind.REGION_DOWN, region="fra"))
    asked = Asked(operation="Machines_show")
    answer = populated.ask(asked)
    assert answer.json()["config"] is None
    lists = Asked(operation="Volumes_org_list")
    return judge(asked, answer) | judge(lists, populated.ask(lists))


def _of_a_missing_nonce(populated: PopulatedFly) -> frozenset[Part]:
    populated.restore()
    asked = Asked(operation="Machines_release_lease", path={"machine_id": populated.known["machine leased"]})
    answer = populated.ask(asked)
    assert answer.status_code == 409, answer.text
    return judge_answer(asked, answer) | judge_request(asked)


@pytest.mark.parametrize(
    ("asked", "status", "body"),
    [
        (Asked(operation="Apps_show"), 200, {"id": 7}),
        (Asked(operation="Apps_show"), 200, {"id": "x", "surprise": 1}),
        (Asked(operation="Apps_show"), 418, {"error": "x"}),
        (Asked(operation="Apps_show"), 404, {"message": "x"}),
        (Asked(operation="Apps_show"), 200, None),
        (Asked(operation="Apps_delete"), 200, {"ok": True}),
        (Asked(operation="Machines_show"), 200, {"id": "x", "config": {"services": [{"autostop": 1}]}}),
    ],
)
def test_an_answer_outside_all_of_it_is_found(asked: Asked, status: int, body: object) -> None:
    with pytest.raises(AssertionError, match="outside the description"):
        needed_by_answer(asked.operation, status, body)


@pytest.mark.parametrize(
    "asked",
    [
        Asked(operation="Apps_create", body={"name": 7}),
        Asked(operation="Apps_create"),
        Asked(operation="Apps_list"),
        Asked(operation="Apps_show", query=[("wait", "true")]),
        Asked(operation="Machines_list", query=[("limit", "many")]),
        Asked(operation="Machines_wait", query=[("timeout", "5s")]),
        Asked(operation="Machines_signal", body={"signal": []}),
    ],
)
def test_a_request_outside_all_of_it_is_found_and_refused(populated: PopulatedFly, asked: Asked) -> None:
    with pytest.raises(AssertionError, match="outside the description"):
        judge_request(asked)
    populated.restore()
    assert populated.ask(asked).status_code == 400


def test_the_description_has_the_operations_that_were_counted() -> None:
    assert len(operations()) == 100
