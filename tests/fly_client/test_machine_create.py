"""However a create fails, there is one machine afterwards or none, and the caller knows which."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeboat.fly.client import errors
from lifeboat.fly.client.machines import NewMachine
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import ScriptedFly, no
from tests.fly_client.stateful_fly import StatefulFly

MARK = {"lifeboat_urn": "urn:1", "other": "x"}
AMBIGUOUS: list[httpx.Response | Exception] = [
    httpx.ReadTimeout("x"),
    httpx.RemoteProtocolError("x"),
    httpx.WriteError("x"),
    no(408, "deadline_exceeded"),
    no(429, "resource_exhausted: rate limit exceeded"),
    no(500, "internal"),
    no(504, "gateway timeout"),
    httpx.Response(200, content=b"<html>"),
]


def new(**config: Any) -> NewMachine:
    """Return a machine to make."""
    return NewMachine(
        name="web-1", region="sjc", config={"image": "x", "metadata": MARK, **config}, lease_ttl_s=13
    )


def test_a_machine_is_made_from_what_was_asked(fly: Fly) -> None:
    server = fly(StatefulFly())
    made = server.client().machines.create("web", new())

    assert (made.id, made.name, made.region, made.instance_id) == ("m1", "web-1", "sjc", "v1")
    assert made.metadata == MARK
    assert server.body() == {
        "name": "web-1",
        "region": "sjc",
        "config": {"image": "x", "metadata": MARK},
        "lease_ttl": 13,
    }


@pytest.mark.parametrize("failure", AMBIGUOUS)
def test_a_machine_made_before_its_answer_was_lost_is_adopted(
    fly: Fly, failure: httpx.Response | Exception
) -> None:
    world = StatefulFly()
    world.failures = [(failure, True)]
    made = fly(world).client().machines.create("web", new())

    assert made.id == "m1"
    assert len(world.machines) == 1
    assert len(world.writes) == 1


@pytest.mark.parametrize("failure", AMBIGUOUS)
def test_a_machine_that_was_not_made_is_made_by_repeating(
    fly: Fly, failure: httpx.Response | Exception
) -> None:
    world = StatefulFly()
    world.failures = [(failure, False)]
    made = fly(world).client().machines.create("web", new())

    assert made.id == "m1"
    assert len(world.machines) == 1


def test_a_list_that_does_not_show_it_yet_makes_no_second_one(fly: Fly) -> None:
    world = StatefulFly()
    world.failures = [(httpx.ReadTimeout("x"), True)]
    world.hidden = 1
    made = fly(world).client().machines.create("web", new())

    assert made.id == "m1"
    assert len(world.machines) == 1
    assert len(world.writes) == 2


@given(
    st.lists(st.tuples(st.sampled_from(range(len(AMBIGUOUS))), st.booleans()), max_size=12), st.integers(0, 4)
)
def test_no_order_of_failures_ever_makes_two(failures: list[tuple[int, bool]], hidden: int) -> None:
    world = StatefulFly()
    world.failures = [(AMBIGUOUS[which], done) for which, done in failures]
    world.hidden = hidden
    try:
        made = ScriptedFly(world).client().machines.create("web", new())
    except (errors.UnknownOutcome, errors.RateLimited, errors.MachineNameTaken):
        assert len(world.machines) <= 1
    else:
        assert list(world.machines) == [made.id]


def test_a_name_somebody_else_has_is_never_adopted(fly: Fly) -> None:
    world = StatefulFly()
    client = fly(world).client()
    other = NewMachine(name="web-1", region="sjc", config={"metadata": {"lifeboat_urn": "urn:other"}})
    client.machines.create("web", other)
    world.failures = [(httpx.ReadTimeout("x"), False)]
    with pytest.raises(errors.MachineNameTaken) as caught:
        client.machines.create("web", new())

    assert caught.value.machine_id == "m1"


def test_a_taken_name_without_any_doubt_is_told_at_once(fly: Fly) -> None:
    world = StatefulFly()
    client = fly(world).client()
    client.machines.create("web", new())
    with pytest.raises(errors.MachineNameTaken):
        client.machines.create("web", new())

    assert len(world.writes) == 2


def test_a_destroyed_machine_of_the_name_is_not_the_one(fly: Fly) -> None:
    world = StatefulFly()
    world.machines["m0"] = {"id": "m0", "name": "web-1", "state": "destroyed", "config": {"metadata": MARK}}
    world.failures = [(no(503, "x"), False)]
    made = fly(world).client().machines.create("web", new())

    assert made.id == "m2"


def test_what_cannot_be_looked_at_is_unknown(fly: Fly) -> None:
    world = StatefulFly()
    world.failures = [(httpx.ReadTimeout("x"), True)]
    world.unreadable = no(503, "down")
    with pytest.raises(errors.UnknownOutcome, match="web-1"):
        fly(world).client().machines.create("web", new())


def test_a_machine_that_destroys_itself_is_never_made_again(fly: Fly) -> None:
    world = StatefulFly()
    world.failures = [(httpx.ReadTimeout("x"), False)]
    with pytest.raises(errors.UnknownOutcome):
        fly(world).client().machines.create("web", new(auto_destroy=True))

    assert len(world.writes) == 1


def test_what_fly_refuses_is_not_repeated(fly: Fly) -> None:
    world = StatefulFly()
    world.failures = [(no(422, "could not find a candidate host", "insufficient_capacity"), False)]
    with pytest.raises(errors.Capacity):
        fly(world).client().machines.create("web", new())

    assert len(world.writes) == 1


def test_a_storm_of_refusals_ends_as_one(fly: Fly) -> None:
    world = StatefulFly()
    world.failures = [(no(429, "x"), False)] * 20
    with pytest.raises(errors.RateLimited):
        fly(world).client().machines.create("web", new())

    assert world.machines == {}


@pytest.mark.parametrize("last", [no(429, "x"), httpx.ConnectError("x")])
def test_a_refusal_after_a_lost_answer_does_not_make_it_sure(
    fly: Fly, last: httpx.Response | Exception
) -> None:
    world = StatefulFly()
    world.failures = [(httpx.ReadTimeout("x"), False)] + [(last, False)] * 60
    with pytest.raises(errors.UnknownOutcome):
        fly(world).client().machines.create("web", new())


def test_a_machine_without_a_name_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(errors.InvalidRequest):
        NewMachine(name="", region="sjc", config={})
