"""What is planned for a group: a table of situations, each a sentence about what follows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.fly.provider.groups.marks import Marks
from lifeboat.fly.provider.groups.planning import plan
from lifeboat.fly.provider.groups.steps import Reason
from lifeboat.fly.provider.owner import Owner
from tests.fly_provider.group_simulator import EPOCH, a_group, a_machine, settled, with_metadata

V2 = {"image": "registry.fly.io/shop:v2"}


def test_an_empty_app_gets_every_slot_active_ones_first() -> None:
    wanted = a_group(regions={"sjc": 2, "fra": 1}, standby_regions={"ord": 1})
    made = plan(wanted, ()).creates
    assert [step.name for step in made] == ["web-fra-1", "web-sjc-1", "web-sjc-2", "web-ord-1"]
    assert [step.role.value for step in made] == ["active", "active", "active", "standby"]


def test_a_new_machine_carries_what_flyctl_and_the_next_run_look_for() -> None:
    config = plan(a_group(secrets_version=7), ()).creates[0].config
    assert config["env"] == {"FLY_PROCESS_GROUP": "web", "PRIMARY_REGION": "sjc"}
    assert config["metadata"] == {
        "fly_platform_version": "v2",
        "fly_process_group": "web",
        "lifeboat_urn": a_group().urn,
        "lifeboat_slot": "sjc/1",
        "lifeboat_role": "active",
        "lifeboat_declared_role": "active",
        "lifeboat_incarnation": "i1",
        "lifeboat_secrets_version": "7",
    }


def test_a_settled_group_needs_nothing() -> None:
    wanted = a_group(regions={"sjc": 2, "fra": 1}, standby_regions={"ord": 2}, secrets_version=3)
    assert plan(wanted, settled(wanted).all).steps == ()


def test_what_the_server_fills_in_is_no_drift() -> None:
    wanted = a_group(config={"image": "registry.fly.io/shop:v1", "size": "shared-cpu-1x"})
    filled = {
        "guest": {"cpu_kind": "shared", "cpus": 1, "memory_mb": 256},
        "init": {},
        "restart": {"policy": "on-failure", "max_retries": 10},
    }
    members = [
        replace(member, config={**{k: v for k, v in member.config.items() if k != "size"}, **filled})
        for member in settled(wanted).all
    ]
    assert plan(wanted, members).steps == ()


def test_a_missing_machine_is_made_again() -> None:
    wanted = a_group()
    rest = [member for member in settled(wanted).all if member.name != "web-sjc-2"]
    planned = plan(wanted, rest)
    assert [step.name for step in planned.creates] == ["web-sjc-2"]
    assert planned.steps == planned.creates


def test_fewer_machines_mean_that_the_last_slots_go() -> None:
    members = settled(a_group(regions={"sjc": 3})).all
    steps = plan(a_group(regions={"sjc": 1}), members).destroys
    assert [(step.member.name, step.reason) for step in steps] == [
        ("web-sjc-2", Reason.SURPLUS),
        ("web-sjc-3", Reason.SURPLUS),
    ]


def test_an_image_changed_by_hand_is_put_back() -> None:
    wanted = a_group()
    one, other = settled(wanted).all
    changed = replace(one, config={**one.config, **V2})
    updates = plan(wanted, [changed, other]).updates
    assert [(step.member.id, step.config["image"]) for step in updates] == [(one.id, wanted.config["image"])]


def test_the_image_of_deploys_is_kept_and_new_machines_take_the_majoritys() -> None:
    wanted = a_group(owner=Owner.DEPLOY, regions={"sjc": 3})
    members = [replace(member, config={**member.config, **V2}) for member in settled(a_group()).all]
    planned = plan(wanted, members)
    assert planned.updates == ()
    assert [step.config["image"] for step in planned.creates] == [V2["image"]]


def test_variables_and_release_marks_of_deploys_are_kept_in_an_update() -> None:
    wanted = a_group(owner=Owner.DEPLOY, regions={"sjc": 1})
    (member,) = settled(wanted).all
    deployed = with_metadata(member, fly_release_version="9")
    deployed = replace(deployed, config={**deployed.config, "env": {**deployed.config["env"], "FLY_X": "1"}})
    changed = replace(wanted, config={**wanted.config, "guest": {"cpus": 2}})
    (step,) = plan(changed, [deployed]).updates
    assert step.config["env"]["FLY_X"] == "1"
    assert step.config["metadata"]["fly_release_version"] == "9"


def test_a_newer_secrets_version_updates_each_machine_once() -> None:
    wanted = a_group(secrets_version=4)
    simulation = settled(a_group(secrets_version=3))
    planned = plan(wanted, simulation.all)
    assert len(planned.updates) == 2
    simulation.carry_out(planned)
    assert plan(wanted, simulation.all).steps == ()


def test_a_machine_of_the_right_name_and_nobodys_mark_is_adopted_without_a_restart() -> None:
    wanted = a_group(regions={"sjc": 1})
    (made,) = settled(wanted).all
    bare = replace(made, config={**made.config, "metadata": {"fly_process_group": "web"}}, marks=Marks())
    planned = plan(wanted, [bare])
    assert [step.metadata["lifeboat_urn"] for step in planned.marks] == [wanted.urn]
    assert planned.steps == planned.marks


def test_somebody_elses_machine_of_the_same_name_stops_everything() -> None:
    config = {"image": "x", "metadata": {"lifeboat_urn": "urn:pulumi:other::p::fly:index:MachineGroup::web"}}
    with pytest.raises(ConfigError, match=r"web-sjc-1.*belongs to urn:pulumi:other"):
        plan(a_group(), [a_machine("web-sjc-1", config)])


def test_machines_of_another_group_of_the_same_resource_are_left_alone() -> None:
    old = settled(a_group(group="worker")).all
    planned = plan(a_group(group="web"), old)
    assert len(planned.creates) == 2
    assert planned.steps == planned.creates


def test_of_two_machines_in_one_slot_the_older_healthy_one_stays() -> None:
    wanted = a_group(regions={"sjc": 1})
    (old,) = settled(wanted).all
    young = replace(old, id="young", name="web-sjc-1-r1", created_at=old.created_at.replace(year=2027))
    planned = plan(wanted, [young, old])
    assert [(step.member.id, step.reason) for step in planned.destroys] == [("young", Reason.DUPLICATE)]
    assert planned.steps == planned.destroys


def test_a_clone_by_flyctl_takes_a_slot_that_was_added_since() -> None:
    (old,) = settled(a_group(regions={"sjc": 1})).all
    clone = replace(old, id="clone", name="purple-sun-12", created_at=old.created_at.replace(year=2027))
    planned = plan(a_group(), [old, clone])
    assert [(step.member.id, step.metadata) for step in planned.marks] == [
        ("clone", {"lifeboat_slot": "sjc/2"})
    ]
    assert planned.steps == planned.marks


def test_a_duplicate_that_is_not_provably_ours_is_reported_and_not_touched() -> None:
    wanted = a_group(regions={"sjc": 1})
    (old,) = settled(wanted).all
    marked = replace(old, name="web-sjc-1-r1")
    stranger = a_machine("web-sjc-1", created_at=old.created_at.replace(year=2027))
    planned = plan(wanted, [marked, stranger])
    assert planned.steps == ()
    assert planned.unclaimed == (stranger,)


def test_known_machines_without_marks_are_taken_into_the_group() -> None:
    wanted = a_group(known_ids=frozenset({"id-a", "id-b", "id-c"}))
    config = {**wanted.config, "env": {"FLY_PROCESS_GROUP": "web", "PRIMARY_REGION": "sjc"}}
    members = [a_machine(name, config, created_at=EPOCH) for name in ("a", "b", "c", "foreign")]
    planned = plan(wanted, members)
    assert [step.member.name for step in planned.marks] == ["a", "b"]
    assert [step.member.name for step in planned.destroys] == ["c"]


def test_an_image_by_tag_matches_only_the_same_words_and_one_by_digest_the_digest() -> None:
    digest = "sha256:" + "a" * 64
    wanted = a_group(config={"image": f"registry.fly.io/shop@{digest}"}, regions={"sjc": 1})
    (member,) = settled(wanted).all
    by_tag = replace(
        member, image_digest=digest, config={**member.config, "image": "registry.fly.io/shop:v1"}
    )
    assert plan(wanted, [by_tag]).steps == ()
    other = replace(by_tag, image_digest="sha256:" + "b" * 64)
    assert len(plan(wanted, [other]).updates) == 1
