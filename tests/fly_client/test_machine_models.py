"""A machine is read from every form the wire has, and from forms it may get."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lifeboat.fly.client.models.app import App
from lifeboat.fly.client.models.machine import Machine, MachineState


def read(**fields: Any) -> Machine:
    """Read a machine."""
    return Machine.model_validate({"id": "1", **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"version": "v1"},
        {"instance_id": "v1"},
        {"Version": "v1"},
        {"version": "v1", "instance_id": "v1"},
        {"version": None, "instance_id": "v1"},
    ],
)
def test_the_version_has_several_names(fields: dict[str, str]) -> None:
    assert read(**fields).instance_id == "v1"


def test_a_machine_on_a_dead_host_shows_what_is_remembered_of_its_config() -> None:
    machine = read(
        config=None,
        incomplete_config={"image": "x", "metadata": {"lifeboat_urn": "u"}},
        host_status="unreachable",
        state="started",
    )

    assert machine.config is None
    assert machine.effective_config["image"] == "x"
    assert machine.metadata == {"lifeboat_urn": "u"}
    assert machine.is_live


def test_a_machine_of_which_nothing_is_known_has_an_empty_config() -> None:
    assert read(config=None).effective_config == {}
    assert read(config={"metadata": None}).metadata == {}


def test_unknown_fields_and_states_are_no_error() -> None:
    machine = read(state="hibernating", host_features=["x"], new={"a": 1})

    assert machine.state == "hibernating"
    assert machine.is_live


@pytest.mark.parametrize("state", MachineState)
def test_only_a_machine_that_is_going_or_gone_does_not_count(state: MachineState) -> None:
    assert read(state=state).is_live == (state not in {"destroying", "destroyed"})


def test_moments_are_utc_and_go_s_zero_time_is_none() -> None:
    machine = read(created_at="2026-09-01T14:00:00+02:00", updated_at="0001-01-01T00:00:00Z")

    assert machine.created_at == datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert machine.updated_at is None


def test_every_field_but_the_id_may_be_null() -> None:
    nothing = dict.fromkeys(name for name in Machine.model_fields if name != "id")

    assert read(**nothing).id == "1"


def test_a_machine_without_an_id_is_none() -> None:
    with pytest.raises(ValidationError):
        Machine.model_validate({"name": "x"})


def test_neither_config_nor_nonce_is_shown() -> None:
    shown = repr(read(config={"env": {"K": "canary-1"}}, nonce="canary-2"))

    assert "canary" not in shown


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*Machine.model_fields, "version"]), JSON))
def test_nothing_on_the_wire_raises_anything_but_a_validation_error(sent: dict[str, Any]) -> None:
    try:
        machine = Machine.model_validate(sent)
    except ValidationError:
        return
    assert isinstance(machine.id, str)
    assert isinstance(machine.is_live, bool)


def test_an_app_that_says_little_is_still_an_app() -> None:
    app = App.model_validate({"id": "1", "organization": None, "machine_count": None})

    assert app.organization.slug == ""
    assert app.machine_count is None
