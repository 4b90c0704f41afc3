"""Completes inputs as the genuine provider does: name, region, default tags, default values, JSON texts.

What was added is listed under `__defaults`, as the genuine provider does, so that a generated name is told
from one the program gave.
"""

from __future__ import annotations

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import ANY, Path, starts_with
from lifeboat.providerkit.requests import CheckRequest
from lifeboat.providerkit.values import UNKNOWN, Properties, Value
from localcloud.provider_aws.naming import Autoname, name_of, needs_name
from localcloud.provider_aws.patterns import REGION, Patterns
from localcloud.provider_aws.same_json import as_text
from localcloud.provider_aws.settings import Settings
from localcloud.provider_aws.shape import Shape

DEFAULTS = "__defaults"
TAGS = "tags"


def complete(
    request: CheckRequest, shape: Shape, patterns: Patterns, settings: Settings, name: Autoname | None
) -> tuple[Properties, tuple[PropertyFailure, ...]]:
    """Return the inputs with everything the program left to the provider, and what could not be completed."""
    given = {
        key: value for key, value in request.inputs.items() if not key.startswith("__") and value is not None
    }
    inputs = _jsonified(given, patterns)
    if TAGS in shape.inputs:
        _merge_tags(inputs, settings)
    if REGION in shape.inputs and not inputs.get(REGION):
        inputs[REGION] = settings.region
    for path, value in patterns.defaults.items():
        _fill(inputs, path, value)
    failures = _name(request, inputs, name) if name else ()
    inputs[DEFAULTS] = sorted(key for key in inputs if key not in given)
    return inputs, failures


def _jsonified(inputs: Properties, patterns: Patterns) -> Properties:
    return {
        key: as_text(value) if any(starts_with((key,), pattern) for pattern in patterns.json) else value
        for key, value in inputs.items()
    }


def _merge_tags(inputs: Properties, settings: Settings) -> None:
    own = inputs.get(TAGS, {})
    if own is UNKNOWN or not isinstance(own, dict):
        return
    merged = {**settings.default_tags, **own}
    if merged:
        inputs[TAGS] = merged


def _fill(holder: Value, path: Path, value: Value) -> None:
    step, rest = path[0], path[1:]
    if step == ANY:
        for item in holder if isinstance(holder, list) else ():
            _fill(item, rest, value)
    elif isinstance(holder, dict) and rest:
        _fill(holder.get(str(step)), rest, value)
    elif isinstance(holder, dict) and holder.get(str(step)) is None:
        holder[str(step)] = value


def _name(request: CheckRequest, inputs: Properties, rule: Autoname) -> tuple[PropertyFailure, ...]:
    if not needs_name(rule, inputs):
        return ()
    name = name_of(rule, request)
    if isinstance(name, PropertyFailure):
        return (name,)
    inputs[rule.key] = name
    return ()
