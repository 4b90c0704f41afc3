"""Texts that hold JSON, such as policies: same meaning is same value, and a program may give an object."""

from __future__ import annotations

import json

from lifeboat.providerkit.values import Value


def as_text(value: Value) -> Value:
    """Write an object or a list as JSON text; anything else stays as it is."""
    return json.dumps(value) if isinstance(value, dict | list) else value


def same_json(one: object, two: object) -> bool:
    """Tell whether two texts hold JSON of the same meaning.

    As IAM does, a single text and a list of one are the same, and the order in a list of texts does not
    matter.
    """
    if not isinstance(one, str) or not isinstance(two, str):
        return False
    try:
        return bool(_canonical(json.loads(one)) == _canonical(json.loads(two)))
    except ValueError:
        return False


def _canonical(value: Value) -> Value:
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        items = [_canonical(item) for item in value]
        if len(items) == 1:
            return items[0]
        return sorted(items) if all(isinstance(item, str) for item in items) else items
    return value
