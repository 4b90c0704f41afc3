"""The life of one resource of any type: the properties every type must have, walked through once.

A type's test says what differs (inputs, a change, a change that replaces, a change made by hand) and calls
`live`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lifeboat.providerkit.codec import SIGNATURE_KEY
from lifeboat.providerkit.values import SecretValue
from tests.provider_aws.conftest import CountingSessions
from tests.providerkit.running_provider import EngineResource


@dataclass(frozen=True, kw_only=True)
class Life:
    """What happens to one resource.

    Args:
        inputs: as a program gives them.
        bad: inputs that must fail, by the path that must be named.
        changes: new inputs for an update in place, over `inputs`; empty for types that cannot be updated.
        replacing: by property, inputs (over `inputs`) that must replace the resource.
        by_hand: changes the object behind our back, given id and outputs; None when nothing can change.
        drifted: the top-level property in which that shows.
        import_id: makes the id an operator imports by from id and outputs; the id itself when None.
        not_imported: inputs an import cannot know.
    """

    inputs: dict[str, Any]
    bad: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    replacing: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_hand: Callable[[str, dict[str, Any]], Any] | None = None
    drifted: str = ""
    import_id: Callable[[str, dict[str, Any]], str] | None = None
    not_imported: frozenset[str] = frozenset()


def live(resource: EngineResource, life: Life, sessions: CountingSessions) -> dict[str, Any]:
    """Walk through the life and return the last outputs; every step asserts."""
    for path, inputs in life.bad.items():
        assert path in resource.failures({**life.inputs, **inputs}), path
    checked = _previewed(resource, life, sessions)
    resource_id, outputs = resource.create(checked)
    assert resource_id
    _settled(resource, resource_id, checked, outputs, life)
    checked, outputs = _updated(resource, resource_id, checked, outputs, life)
    _imported(resource, resource_id, checked, outputs, life)
    if life.by_hand:
        life.by_hand(resource_id, outputs)
        _, drifted, _ = resource.refresh(resource_id, checked, outputs)
        answer = resource.diff(resource_id, drifted, outputs, checked)
        assert life.drifted in answer.diffs, (drifted, answer)
    resource.delete(resource_id, checked, outputs)
    resource.delete(resource_id, checked, outputs)
    assert resource.refresh(resource_id, checked, outputs)[0] == ""
    return outputs


def _previewed(resource: EngineResource, life: Life, sessions: CountingSessions) -> dict[str, Any]:
    checked = resource.check(life.inputs)
    before = sessions.asked
    resource_id, outputs = resource.create(checked, preview=True)
    assert (resource_id, sessions.asked) == ("", before)
    for key, value in life.inputs.items():
        if key in outputs and not isinstance(outputs[key], SecretValue):
            assert outputs[key] == checked[key] or isinstance(value, dict), key
    return checked


def _settled(
    resource: EngineResource, resource_id: str, checked: dict[str, Any], outputs: dict[str, Any], life: Life
) -> None:
    assert SIGNATURE_KEY not in outputs
    again = resource.check(life.inputs, checked)
    assert again == checked
    assert not resource.diff(resource_id, checked, outputs, again).diffs
    found, inputs, read = resource.refresh(resource_id, checked, outputs)
    assert found == resource_id
    assert inputs == checked
    assert read == outputs
    for key, other in life.replacing.items():
        new = resource.check({**life.inputs, **other}, checked)
        answer = resource.diff(resource_id, checked, outputs, new)
        assert key in answer.replaces, (key, answer)


def _updated(
    resource: EngineResource, resource_id: str, checked: dict[str, Any], outputs: dict[str, Any], life: Life
) -> tuple[dict[str, Any], dict[str, Any]]:
    if not life.changes:
        return checked, outputs
    new = resource.check({**life.inputs, **life.changes}, checked)
    answer = resource.diff(resource_id, checked, outputs, new)
    assert set(answer.diffs) == set(life.changes), answer
    assert not answer.replaces, answer
    resource.update(resource_id, checked, outputs, new, preview=True)
    changed = resource.update(resource_id, checked, outputs, new)
    _, inputs, read = resource.refresh(resource_id, new, changed)
    assert inputs == new
    assert read == changed
    resource.update(resource_id, new, changed, new)
    return new, changed


def _imported(
    resource: EngineResource, resource_id: str, checked: dict[str, Any], outputs: dict[str, Any], life: Life
) -> None:
    wanted = life.import_id(resource_id, outputs) if life.import_id else resource_id
    found, inputs, read = resource.import_(wanted)
    assert found == resource_id
    answer = resource.diff(resource_id, inputs, read, checked)
    assert set(answer.diffs) <= life.not_imported, (answer, inputs)
