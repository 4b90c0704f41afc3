"""What is planned about roles, volumes, dead hosts and bluegreen pairs."""

from __future__ import annotations

from dataclasses import replace

from lifeboat.fly.provider.groups import marks as keys
from lifeboat.fly.provider.groups.desired import Strategy
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.steps import Reason
from tests.fly_provider.group_simulator import a_group, settled, with_metadata

V2 = {"image": "registry.fly.io/shop:v2"}


def test_a_machine_on_an_unreachable_host_gets_a_successor_and_is_only_asked_to_go() -> None:
    wanted = a_group(fallback_regions=("lax",))
    one, other = settled(wanted).all
    lost = replace(one, host_status="unreachable")
    planned = plan(wanted, [lost, other])
    assert [(step.name, step.slot.text) for step in planned.creates] == [("web-sjc-1-r1", "sjc/1")]
    assert [(step.member.id, step.reason) for step in planned.destroys] == [(one.id, Reason.UNREACHABLE)]
    assert planned.steps == (*planned.creates, *planned.destroys)


def test_a_lost_machine_is_not_forgotten_when_another_one_could_take_its_slot() -> None:
    """Scaled down from three while a host is lost: the spare is surplus, the lost one has a successor."""
    lost, kept, spare = settled(a_group(regions={"sjc": 3})).all
    planned = plan(a_group(regions={"sjc": 2}), [replace(lost, host_status="unreachable"), kept, spare])
    assert [step.slot.text for step in planned.creates] == ["sjc/1"]
    assert [(step.member.id, step.reason) for step in planned.destroys] == [
        (lost.id, Reason.UNREACHABLE),
        (spare.id, Reason.SURPLUS),
    ]


def test_a_machine_whose_volume_is_on_an_unreachable_host_needs_a_human() -> None:
    config = {"image": "x", "mounts": [{"path": "/data"}]}
    wanted = a_group(config=config, regions={"sjc": 1}, volumes={"sjc": ("vol_1",)})
    (member,) = settled(wanted).all
    planned = plan(wanted, [replace(member, host_status="unreachable")])
    assert planned.steps == ()
    assert "vol_1 are on an unreachable host" in planned.blocked[0].reason


def test_a_slot_with_a_volume_never_falls_back_to_another_region() -> None:
    config = {"image": "x", "mounts": [{"path": "/data"}]}
    wanted = a_group(
        config=config, regions={"sjc": 1}, volumes={"sjc": ("vol_1",)}, fallback_regions=("lax",)
    )
    (step,) = plan(wanted, ()).creates
    assert step.regions == ("sjc",)
    assert step.config["mounts"] == [{"path": "/data", "volume": "vol_1"}]


def test_another_volume_means_another_machine_made_before_the_old_one_goes() -> None:
    config = {"image": "x", "mounts": [{"path": "/data"}]}
    old = a_group(config=config, regions={"sjc": 1}, volumes={"sjc": ("vol_1",)})
    planned = plan(replace(old, volumes={"sjc": ("vol_2",)}), settled(old).all)
    assert [step.name for step in planned.creates] == ["web-sjc-1-r1"]
    assert [step.reason for step in planned.destroys] == [Reason.REPLACED]


def test_a_machine_that_fell_back_stays_where_it_is() -> None:
    wanted = a_group(regions={"sjc": 1}, fallback_regions=("lax",))
    (member,) = settled(wanted).all
    assert plan(wanted, [replace(member, region="lax")]).steps == ()


def test_a_standby_follows_the_template_and_stays_asleep() -> None:
    wanted = a_group(standby_regions={"ord": 1})
    planned = plan(replace(wanted, config=V2), settled(wanted).all)
    assert [(step.slot.text, step.launch) for step in planned.updates] == [
        ("sjc/1", True),
        ("sjc/2", True),
        ("ord/1", False),
    ]


def test_a_standby_that_a_recovery_started_stays_started() -> None:
    wanted = a_group(standby_regions={"ord": 1})
    members = [
        replace(with_metadata(member, lifeboat_role="active"), state="started", cordoned=False)
        if member.region == "ord"
        else member
        for member in settled(wanted).all
    ]
    assert plan(wanted, members).steps == ()


def test_an_active_machine_that_a_recovery_put_to_rest_stays_at_rest() -> None:
    wanted = a_group()
    members = [
        replace(with_metadata(member, lifeboat_role="standby"), state="stopped", cordoned=True)
        for member in settled(wanted).all
    ]
    assert plan(wanted, members).steps == ()


def test_declared_roles_that_swap_wake_the_new_ones_before_the_old_ones_rest() -> None:
    before = a_group(regions={"sjc": 1}, standby_regions={"ord": 1})
    after = a_group(regions={"ord": 1}, standby_regions={"sjc": 1})
    planned = plan(after, settled(before).all)
    assert planned.steps == (*planned.marks, *planned.wakes, *planned.rests)
    assert [step.member.region for step in planned.marks] == ["ord"]
    assert [step.member.region for step in planned.wakes] == ["ord"]
    assert [step.member.region for step in planned.rests] == ["sjc"]
    assert planned.rests[0].metadata[keys.DECLARED_ROLE] == "standby"


def test_a_machine_that_fly_stopped_for_lack_of_requests_is_left_asleep() -> None:
    service = {"internal_port": 8080, "protocol": "tcp", "autostop": "stop"}
    wanted = a_group(config={"image": "x", "services": [service]}, regions={"sjc": 1})
    (member,) = settled(wanted).all
    asleep = replace(member, state="stopped")
    assert plan(wanted, [asleep]).steps == ()
    (step,) = plan(replace(wanted, secrets_version=2), [asleep]).updates
    assert step.launch is False


def test_an_active_machine_found_stopped_or_cordoned_serves_again() -> None:
    wanted = a_group()
    one, other = settled(wanted).all
    planned = plan(wanted, [replace(one, state="stopped"), replace(other, cordoned=True)])
    assert [step.member.id for step in planned.wakes] == [one.id, other.id]
    assert planned.steps == planned.wakes


def test_bluegreen_makes_a_green_machine_beside_every_blue_one() -> None:
    wanted = a_group(strategy=Strategy.BLUEGREEN)
    blue = settled(wanted).all
    planned = plan(replace(wanted, config=V2), blue)
    assert [step.blue.id for step in planned.greens] == [member.id for member in blue]
    created = [step.create for step in planned.greens if step.create]
    assert [step.name for step in created] == [f"web-sjc-{n}-{planned.generation}" for n in (1, 2)]
    assert all(step.config["metadata"]["lifeboat_green"] == planned.generation for step in created)
    assert planned.steps == planned.greens


def test_an_interrupted_bluegreen_rollout_goes_on_with_the_greens_it_has() -> None:
    wanted = replace(a_group(strategy=Strategy.BLUEGREEN), config=V2)
    simulation = settled(a_group())
    create = plan(wanted, simulation.all).greens[0].create
    assert create is not None
    simulation.do(create)
    planned = plan(wanted, simulation.all)
    assert [step.member.name if step.member else "" for step in planned.greens] == [create.name, ""]
    assert planned.destroys == ()


def test_greens_of_an_abandoned_rollout_are_destroyed_and_blue_stays() -> None:
    wanted = a_group(strategy=Strategy.BLUEGREEN)
    simulation = settled(wanted)
    create = plan(replace(wanted, config=V2), simulation.all).greens[0].create
    assert create is not None
    simulation.do(create)
    planned = plan(wanted, simulation.all)
    assert [(step.member.name, step.reason) for step in planned.destroys] == [
        (create.name, Reason.STALE_GREEN)
    ]
    assert planned.steps == planned.destroys
