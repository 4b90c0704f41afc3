"""A plan is data: frozen, free of secrets, with a digest over every field."""

import io
import json
import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from lifeboat.core.errors import Stuck
from lifeboat.core.secret import Secret
from scripts.engine.json_values import canonical, freeze, freeze_object, plain
from scripts.engine.plan import Expectation, Plan, parse_plan
from scripts.engine.plan_markdown import plan_markdown
from scripts.engine.plan_text import print_plan
from scripts.engine.step import Effect
from tests.recovery.plans import CHECKS, MADE_AT, a_plan, a_step

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(JSON)
def test_a_frozen_value_says_the_same_and_has_one_spelling(value: Any) -> None:
    frozen = freeze(value, "value")
    assert plain(frozen) == value
    assert canonical(frozen) == canonical(freeze(json.loads(canonical(frozen)), "value"))


@pytest.mark.parametrize("value", [Secret("x"), [Secret("x")], {"a": {"b": (Secret("x"),)}}])
def test_a_secret_is_refused_however_deep_and_never_shown(value: object) -> None:
    with pytest.raises(TypeError, match="a secret never stands in a plan") as caught:
        a_step(parameters={"password": value})
    assert "'x'" not in str(caught.value)
    assert "step make-copy: parameters.password" in str(caught.value)


@pytest.mark.parametrize("value", [b"x", object(), math.nan, math.inf, MADE_AT, {1: 2}, {"a": {2: 3}}])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=r"^here"):
        freeze_object({"a": value}, "here")


def test_parameters_cannot_be_changed_behind_the_digest() -> None:
    given_parameters = {"list": [1, {"deep": 2}]}
    step = a_step(parameters=given_parameters)
    plan = a_plan(step)
    before = plan.digest
    given_parameters["list"].append(3)
    assert plan.digest == before
    with pytest.raises(TypeError):
        step.parameters["list"] = 1  # type: ignore[index]  # that it cannot be assigned is the point


def test_a_plan_survives_the_way_through_its_bytes() -> None:
    plan = a_plan(a_step(parameters={"a": [1, {"b": None}]}, size=2.5, precondition="is there"))
    assert parse_plan(plan.to_bytes(), "here") == plan
    assert parse_plan(plan.to_bytes(), "here").digest == plan.digest


def test_checks_survive_it_too_and_stand_in_every_form() -> None:
    plan = a_plan(checks=CHECKS)
    assert parse_plan(plan.to_bytes(), "here") == plan
    assert "| stack-state | unknown | no [answer] |" in plan_markdown(plan)
    assert "| secret-master | pass | readable here; warning: nowhere else |" in plan_markdown(plan)
    lines = shown_plan(plan).splitlines()
    assert [line.split() for line in lines if line.startswith("stack-state")] == [
        ["stack-state", "UNKNOWN", "no", "[answer]"]
    ]
    assert "pass     readable here; warning: nowhere else" in shown_plan(plan)


def test_a_plan_from_before_there_were_checks_keeps_its_digest() -> None:
    """A run that began with one is resumed and reported by its digest; it must not change on the way."""
    old = a_plan(schema_version=1)
    assert b"checks" not in old.to_bytes()
    assert parse_plan(old.to_bytes(), "here") == old
    assert parse_plan(old.to_bytes(), "here").digest == old.digest
    smuggled = {**json.loads(old.to_bytes()), "checks": []}
    with pytest.raises(Stuck, match="checks in a plan of schema version 1"):
        parse_plan(json.dumps(smuggled).encode(), "here")


@pytest.mark.parametrize(
    "changes",
    [
        {"procedure": "other"},
        {"environment": "staging"},
        {"stack": "production"},
        {"created_at": MADE_AT - timedelta(seconds=1)},
        {"expires_at": MADE_AT + timedelta(hours=2)},
        {"fingerprint": "world-2"},
        {"steps": (a_step(budget_s=101.0),)},
        {"loss": Expectation(objective_s=3600, expected_s=61)},
        {"back": Expectation(objective_s=1800, expected_s=11)},
        {"candidates": ()},
        {"notes": ()},
        {"request": {}},
        {"checks": CHECKS},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_the_digest_covers_every_field(changes: dict[str, Any]) -> None:
    assert a_plan(**changes).digest != a_plan().digest


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"schema_version":3}', b'{"schema_version":2}', a_plan().to_bytes()[:-9]]
)
def test_bytes_that_are_no_plan_are_told_with_their_place(body: bytes) -> None:
    with pytest.raises(Stuck, match=r"^s3://b/k: not a plan"):
        parse_plan(body, "s3://b/k")


@pytest.mark.parametrize(
    "changes",
    [{"expected_s": 101.0}, {"expected_s": -1.0}, {"budget_s": 0.0, "expected_s": 0.0}, {"title": ""}],
)
def test_a_step_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"step .?make-copy"):
        a_step(**changes)


@pytest.mark.parametrize("changes", [{"steps": ()}, {"steps": (a_step(), a_step())}, {"expires_at": MADE_AT}])
def test_a_plan_that_contradicts_itself_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="plan toy"):
        a_plan(**changes)


def test_the_point_of_no_return_is_the_first_step_that_changes_and_cannot_be_undone() -> None:
    reads = a_step("look-around", effect=Effect.READS, undoable=False)
    promote = a_step("promote", effect=Effect.DANGEROUS, undoable=False)
    assert a_plan(reads, a_step()).point_of_no_return is None
    assert a_plan(reads, a_step(), promote).point_of_no_return == promote
    assert a_plan(reads, promote).dangerous_steps == (promote,)


def shown(*steps: Any) -> str:
    return shown_plan(a_plan(*steps))


def shown_plan(plan: Plan) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_plan(plan, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_terminal_shows_steps_loss_objective_candidates_and_digest() -> None:
    text = shown(a_step(title="Copy [red]db[/red]"), a_step("promote", undoable=False, precondition="fenced"))
    assert "Copy [red]db[/red]" in text
    assert "needs: fenced" in text
    assert "no way back after step promote" in text
    assert "data lost   1m, within the objective of 1h (age of the newest point)" in text
    assert "snapshot-1" in text
    assert "digest " in text


def test_an_objective_that_will_be_missed_is_said() -> None:
    late = a_plan(back=Expectation(objective_s=60, expected_s=61))
    assert "OVER the objective" in plan_markdown(late)


def test_markdown_holds_the_whole_digest_and_no_cell_can_break_the_table() -> None:
    plan = a_plan(a_step(title="a | b\nc"))
    text = plan_markdown(plan)
    assert plan.digest in text
    assert "a \\| b c" in text
