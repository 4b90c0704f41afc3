"""Checks inputs that must hold JSON, as the genuine provider does before any call."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties


def json_problems(inputs: Properties, names: Iterable[str]) -> Iterator[PropertyFailure]:
    """Find texts among the named inputs that are not JSON; empty, missing and unknown ones are fine."""
    for name in names:
        text = inputs.get(name)
        if not isinstance(text, str) or not text:
            continue
        try:
            json.loads(text)
        except ValueError as error:
            yield PropertyFailure(path=name, reason=f"is not JSON: {error}")
