"""From what the service shows to what the engine keeps: outputs, and the inputs that describe the object.

`align` gives the service's answer the form of the known inputs (order of sets, spelling of JSON, what the
service keeps no trace of). `project` then leaves out what the program never said and need not say, so that
a refresh shows a change made by hand and nothing else.
"""

from __future__ import annotations

from typing import Any

from lifeboat.providerkit.compare import compare
from lifeboat.providerkit.paths import ANY, Path, is_above
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.patterns import Patterns, hits
from localcloud.provider_aws.shape import Shape


def align(known: Properties, found: Properties, patterns: Patterns) -> Properties:
    """Return what was found, written the way `known` writes it; write-only values are taken from `known`."""
    return _align_object((), known, found, patterns)


def project(aligned: Properties, old_inputs: Properties, shape: Shape, patterns: Patterns) -> Properties:
    """Return the inputs that describe an object, in terms of the inputs it had."""
    found = {name: value for name, value in aligned.items() if name in shape.inputs}
    return _project_object((), old_inputs, found, patterns)


def describe(aligned: Properties, shape: Shape, patterns: Patterns) -> Properties:
    """Return the inputs that describe an imported object: everything that is set, and what has a default."""
    return {
        name: value
        for name, value in aligned.items()
        if name in shape.inputs and (not _empty(value) or (name,) in patterns.defaults)
    }


def _align_object(path: Path, known: Properties, found: Properties, patterns: Patterns) -> Properties:
    aligned = {}
    for name in dict.fromkeys([*found, *known]):
        place = (*path, name)
        value = _align(place, known.get(name), found.get(name), patterns)
        if value is not None:
            aligned[name] = value
    return aligned


def _align(path: Path, known: Value, found: Value, patterns: Patterns) -> Value:
    if hits(path, patterns.write_only):
        return known
    if isinstance(known, dict) and (isinstance(found, dict) or _holds_write_only(path, found, patterns)):
        return _align_object(path, known, found or {}, patterns)
    if isinstance(known, list) and isinstance(found, list):
        ordered = _ordered(path, known, found, patterns)
        return [
            _align((*path, at), known[at] if at < len(known) else None, item, patterns)
            for at, item in enumerate(ordered)
        ]
    return known if patterns.means_the_same(path, known, found) else found


def _holds_write_only(path: Path, found: Value, patterns: Patterns) -> bool:
    return found is None and any(is_above(path, pattern) for pattern in patterns.write_only)


def _ordered(path: Path, known: list[Any], found: list[Any], patterns: Patterns) -> list[Any]:
    if not hits(path, patterns.unordered):
        return found
    left = list(found)
    ordered = []
    for item in known:
        twin = next((other for other in left if _alike((*path, ANY), item, other, patterns)), None)
        if twin is not None:
            left.remove(twin)
            ordered.append(twin)
    return ordered + left


def _alike(path: Path, known: Value, found: Value, patterns: Patterns) -> bool:
    aligned = _align(path, known, found, patterns)
    seen = _project(path, known, aligned, patterns)
    return not compare({"": known}, {"": seen}, patterns.rules(()))


def _project_object(path: Path, old: Properties, found: Properties, patterns: Patterns) -> Properties:
    kept = {}
    for name, value in found.items():
        place = (*path, name)
        if old.get(name) is not None:
            kept[name] = _project(place, old[name], value, patterns)
        elif (
            not _empty(value) and not hits(place, patterns.sticky) and not _is_default(place, value, patterns)
        ):
            kept[name] = value
    return kept


def _project(path: Path, old: Value, found: Value, patterns: Patterns) -> Value:
    if isinstance(old, dict) and isinstance(found, dict):
        return _project_object(path, old, found, patterns)
    if isinstance(old, list) and isinstance(found, list):
        return [
            _project((*path, at), old[at] if at < len(old) else None, item, patterns)
            for at, item in enumerate(found)
        ]
    return found


def _is_default(path: Path, value: Value, patterns: Patterns) -> bool:
    return any(
        len(path) == len(pattern) and hits(path, (pattern,)) and value == default
        for pattern, default in patterns.defaults.items()
    )


def _empty(value: Value) -> bool:
    return value in (None, False, "", 0, [], {})
