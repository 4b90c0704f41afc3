"""What holds for every plan, whatever is declared and whatever is there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from lifeboat.fly.provider.groups.desired import Desired, Strategy
from lifeboat.fly.provider.groups.marks import Marks
from lifeboat.fly.provider.groups.member import Member
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.role import Role
from lifeboat.fly.provider.groups.steps import Destroy, Reason
from lifeboat.fly.provider.owner import Owner
from tests.fly_provider.group_simulator import EPOCH, GROUP_URN, Simulation, a_group, a_machine

REGIONS = ("fra", "sjc", "ord")
IMAGES = ("registry.fly.io/shop:v1", "registry.fly.io/shop:v2")
counts = st.integers(0, 3)


@st.composite
def groups(draw: st.DrawFn) -> Desired:
    active = {code: draw(counts) for code in draw(st.sets(st.sampled_from(REGIONS), min_size=1))}
    standby = {code: draw(counts) for code in REGIONS if code not in active}
    return a_group(
        regions=active,
        standby_regions=standby,
        config={"image": draw(st.sampled_from(IMAGES))},
        strategy=draw(st.sampled_from(list(Strategy))),
        owner=draw(st.sampled_from(list(Owner))),
        secrets_version=draw(st.none() | st.integers(1, 2)),
    )


@st.composite
def metadata(draw: st.DrawFn) -> dict[str, str]:
    known = {
        "lifeboat_urn": st.just(GROUP_URN),
        "fly_process_group": st.just("web"),
        "lifeboat_slot": st.sampled_from(["sjc/1", "sjc/2", "ord/1", "fra/3", "nonsense"]),
        "lifeboat_role": st.sampled_from(["active", "standby"]),
        "lifeboat_declared_role": st.sampled_from(["active", "standby"]),
        "lifeboat_secrets_version": st.sampled_from(["1", "2"]),
        "lifeboat_green": st.just("abcd1234"),
        "fly_release_version": st.just("12"),
    }
    chosen = draw(st.sets(st.sampled_from(sorted(known))))
    return {key: draw(known[key]) for key in sorted(chosen)}


@st.composite
def machines(draw: st.DrawFn, number: int) -> Member:
    marks = draw(metadata())
    slot_names = ["web-sjc-1", "web-ord-1", "web-fra-2"]
    name = slot_names[number] if number < len(slot_names) and draw(st.booleans()) else f"machine-{number}"
    config: dict[str, Any] = {"image": draw(st.sampled_from(IMAGES)), "metadata": marks}
    return a_machine(
        name,
        config,
        id=f"m{number}",
        region=draw(st.sampled_from(REGIONS)),
        state=draw(st.sampled_from(["started", "stopped", "created", "failed", "replacing"])),
        host_status=draw(st.sampled_from(["ok", "ok", "ok", "unreachable"])),
        cordoned=draw(st.booleans()),
        created_at=EPOCH,
        marks=Marks.read(marks),
    )


@st.composite
def fleets(draw: st.DrawFn) -> tuple[Member, ...]:
    return tuple(draw(machines(number)) for number in range(draw(st.integers(0, 7))))


def _stays(desired: Desired, simulation: Simulation) -> list[Member]:
    """The machines of the group that hold a declared slot."""
    return [member for member in simulation.all if member.marks.slot in desired.slots()]


@settings(deadline=None)
@given(groups(), fleets())
def test_carrying_a_plan_out_ends_with_exactly_the_declared_slots(
    desired: Desired, fleet: tuple[Member, ...]
) -> None:
    simulation = Simulation(*fleet)
    planned = plan(desired, fleet)
    simulation.carry_out(planned)
    unclaimed = {member.id for member in planned.unclaimed}
    ours = [
        member
        for member in _stays(desired, simulation)
        if member.marks.urn == GROUP_URN
        and member.marks.group == "web"
        and not member.marks.green
        and member.id not in unclaimed
    ]
    assert sorted(member.marks.slot for member in ours if member.marks.slot) == sorted(desired.slots())


@settings(deadline=None)
@given(groups(), fleets())
def test_planning_the_outcome_of_a_plan_gives_nothing(desired: Desired, fleet: tuple[Member, ...]) -> None:
    simulation = Simulation(*fleet)
    simulation.carry_out(plan(desired, fleet))
    assert plan(desired, simulation.all).steps == ()


@settings(deadline=None)
@given(groups(), fleets())
def test_what_is_destroyed_is_ours_and_superfluous_and_comes_last(
    desired: Desired, fleet: tuple[Member, ...]
) -> None:
    planned = plan(desired, fleet)
    destroyed = [step.member for step in planned.steps if isinstance(step, Destroy)]
    assert len({member.id for member in destroyed}) == len(destroyed)
    assert all(member.marks.urn == GROUP_URN for member in destroyed)
    assert planned.steps[len(planned.steps) - len(destroyed) :] == planned.destroys
    held = {kept.slot for kept in planned.kept} | {step.slot for step in planned.creates}
    assert held == set(desired.slots())
    assert not {member.id for member in destroyed} & {kept.member.id for kept in planned.kept}


@settings(deadline=None)
@given(groups(), fleets())
def test_a_plan_does_not_depend_on_the_order_of_the_list(desired: Desired, fleet: tuple[Member, ...]) -> None:
    assert plan(desired, fleet) == plan(desired, tuple(reversed(fleet)))


@settings(deadline=None)
@given(groups(), fleets())
def test_no_machine_is_left_without_its_successor_when_its_host_is_unreachable(
    desired: Desired, fleet: tuple[Member, ...]
) -> None:
    planned = plan(desired, fleet)
    made = {step.slot for step in planned.creates}
    for step in planned.destroys:
        if step.reason is Reason.UNREACHABLE and step.member.marks.slot in desired.slots():
            kept = {held.slot for held in planned.kept}
            assert step.member.marks.slot in made | kept


@settings(deadline=None)
@given(groups(), st.sets(st.integers(0, 8)))
def test_an_interrupted_plan_is_completed_by_the_next_one(desired: Desired, cut: set[int]) -> None:
    """Whatever prefix of the steps was done, planning again ends in the same place."""
    before = a_group(regions={"sjc": 2}, standby_regions={"ord": 1}, secrets_version=1)
    simulation = Simulation()
    simulation.carry_out(plan(before, ()))
    for stop in sorted(cut):
        for step in plan(desired, simulation.all).steps[:stop]:
            simulation.do(step)
    simulation.carry_out(plan(desired, simulation.all))
    roles = {member.marks.slot: member.marks.declared_role for member in simulation.all}
    assert roles == desired.slots()
    assert plan(desired, simulation.all).steps == ()
    asleep = [member for member in simulation.all if desired.slots()[_slot(member)] is Role.STANDBY]
    assert all(member.is_asleep for member in asleep)


def _slot(member: Member) -> Any:
    return member.marks.slot


def test_a_moved_secret_version_is_seen_whatever_the_owner() -> None:
    for owner in Owner:
        old = a_group(owner=owner, secrets_version=1)
        simulation = Simulation()
        simulation.carry_out(plan(old, ()))
        assert len(plan(replace(old, secrets_version=2), simulation.all).updates) == 2
