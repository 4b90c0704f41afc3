"""Which machine is tried first, and which are stopped for lack of work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.fly.proxy.autostop import Running, to_stop
from localcloud.fly.proxy.candidates import Candidate, distance_km, ordered
from localcloud.fly.proxy.service import Autostop, Service, service_of
from localcloud.fly.proxy.wish import Wish, wish_of
from localcloud.fly.regions import LIVING
from tests.fly_proxy.records import a_service


def candidate(machine_id: str, region: str, load: int = 0, **fields: int | None) -> Candidate:
    values: dict[str, int | None] = {"soft_limit": 20, "hard_limit": None, "last_chosen": 0, **fields}
    return Candidate(machine_id=machine_id, region=region, load=load, **values)  # type: ignore[arg-type]  # soft_limit is never None here


def best(wish: Wish, *candidates: Candidate, edge: str = "sjc") -> list[str]:
    return [one.machine_id for one in ordered(candidates, wish, edge)]


def running(machine_id: str, region: str = "sjc", **fields: object) -> Running:
    values = {
        "load": 0,
        "soft_limit": 20,
        "idle_s": 300.0,
        "autostop": Autostop.STOP,
        "min_machines_running": 0,
        **fields,
    }
    return Running(machine_id=machine_id, region=region, **values)  # type: ignore[arg-type]  # the fields above


def stopped(*machines: Running, primary: str = "") -> list[str]:
    return [one.machine_id for one in to_stop(machines, primary, 60)]


def test_the_nearest_region_comes_first() -> None:
    found = best(
        Wish(), candidate("f", "fra"), candidate("l", "lax"), candidate("s", "sjc"), candidate("i", "iad")
    )
    assert found == ["s", "l", "i", "f"]


def test_within_a_region_the_least_loaded_comes_first_and_then_the_one_unused_longest() -> None:
    found = best(
        Wish(),
        candidate("busy", "sjc", 3),
        candidate("recent", "sjc", 1, last_chosen=9),
        candidate("rested", "sjc", 1, last_chosen=4),
    )
    assert found == ["rested", "recent", "busy"]


def test_a_machine_over_its_soft_limit_comes_after_its_neighbours_and_one_at_its_hard_limit_never() -> None:
    found = best(
        Wish(),
        candidate("soft", "sjc", 5, soft_limit=5),
        candidate("free", "sjc", 6, soft_limit=10),
        candidate("full", "sjc", 7, soft_limit=5, hard_limit=7),
        candidate("far", "fra"),
    )
    assert found == ["free", "soft", "far"]


def test_wishes_come_before_distance() -> None:
    machines = candidate("s", "sjc"), candidate("o", "ord"), candidate("f", "fra")
    assert best(wish_of({"fly-prefer-region": "fra"}), *machines) == ["f", "s", "o"]
    assert best(wish_of({"fly-force-region": "fra,ord"}), *machines) == ["f", "o"]
    assert best(wish_of({"fly-prefer-instance-id": "o"}), *machines) == ["o", "s", "f"]
    assert best(wish_of({"fly-force-instance-id": "o"}), *machines) == ["o"]
    assert best(Wish(avoided=frozenset({"s"})), *machines) == ["o", "f"]


@given(st.sampled_from(LIVING), st.sampled_from(LIVING))
def test_distance_is_the_same_both_ways_and_bounded_by_half_of_earth(one: str, other: str) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one))
    assert (distance_km(one, other) == 0) == (one == other)
    assert distance_km(one, other) < distance_km(one, "atlantis")


def test_distances_are_those_of_a_map() -> None:
    assert distance_km("sjc", "lax") == pytest.approx(495, rel=0.05)
    assert distance_km("iad", "fra") == pytest.approx(6550, rel=0.05)


def test_of_several_idle_machines_one_per_region_is_stopped_each_round() -> None:
    assert stopped(running("a"), running("b", idle_s=900), running("c", "ord")) == ["c", "b"]


def test_machines_at_their_soft_limit_keep_a_spare_one_running() -> None:
    busy = running("busy", load=5, soft_limit=5)
    assert stopped(busy, running("spare")) == []
    assert stopped(busy, running("spare"), running("extra", idle_s=900)) == ["extra"]


def test_the_least_number_of_machines_counts_in_the_primary_region_only() -> None:
    one, other = running("a", min_machines_running=1), running("b", min_machines_running=1)
    assert stopped(one, primary="sjc") == []
    assert stopped(one, other, primary="sjc") == ["a"]
    assert stopped(one, primary="ord") == ["a"]


def test_a_machine_that_works_was_just_used_or_never_autostops_is_left_alone() -> None:
    assert stopped(running("a", load=1)) == []
    assert stopped(running("a", idle_s=5)) == []
    assert stopped(running("a", autostop=Autostop.OFF), running("b", autostop=Autostop.OFF)) == []


@given(
    st.lists(
        st.builds(
            running,
            machine_id=st.uuids().map(str),
            region=st.sampled_from(["sjc", "ord"]),
            load=st.integers(0, 3),
            soft_limit=st.integers(1, 3),
            min_machines_running=st.just(2),
        )
    )
)
def test_no_round_stops_a_working_machine_or_goes_below_the_least_number(machines: list[Running]) -> None:
    chosen = to_stop(machines, "sjc", 60)
    assert all(one.load == 0 for one in chosen)
    regions = [one.region for one in chosen]
    assert len(regions) == len(set(regions))
    if "sjc" in regions:
        assert sum(one.region == "sjc" for one in machines) > 2


def test_the_web_service_is_the_routed_one() -> None:
    other = {"protocol": "tcp", "internal_port": 5000, "ports": [{"port": 5000}]}
    udp = {"protocol": "udp", "internal_port": 53, "ports": [{"port": 53}]}
    in_range = {"internal_port": 9000, "ports": [{"start_port": 1, "end_port": 100}]}
    assert service_of({"services": [udp, other, a_service()]}) == Service(internal_port=8080)
    assert service_of({"services": [other, in_range]}) == Service(internal_port=9000)
    assert service_of({"services": [udp, other]}) == Service(internal_port=5000)
    assert service_of({"services": [udp, a_service(ports=[])]}) is None
    assert service_of({}) is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [(True, "stop"), (False, "off"), ("stop", "stop"), ("suspend", "suspend"), ("off", "off"), (None, "off")],
)
def test_both_spellings_of_autostop_are_read(written: object, meant: str) -> None:
    service = service_of({"services": [a_service(autostop=written)]})
    assert service is not None
    assert service.autostop == meant


def test_limits_have_fly_s_defaults() -> None:
    limited = service_of({"services": [a_service(concurrency={"hard_limit": 7}, autostart=False)]})
    assert limited == Service(internal_port=8080, soft_limit=7, hard_limit=7, autostart=False)
    plain = service_of({"services": [a_service()]})
    assert plain is not None
    assert (plain.soft_limit, plain.hard_limit, plain.autostart) == (20, None, True)
