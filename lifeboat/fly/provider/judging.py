"""Rules of `lifeboat.fly.rules` put to inputs: a problem becomes a failure at its property."""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties

Rule = Callable[[str], str | None]
"""Says what is wrong with a text; None when nothing is."""


def judged(inputs: Properties, **rules: Rule) -> tuple[PropertyFailure, ...]:
    """Return the problems of text inputs; those that are absent or unknown yet have none."""
    failures = []
    for name, rule in rules.items():
        value = inputs.get(name)
        reason = rule(value) if isinstance(value, str) else None
        if reason is not None:
            failures.append(PropertyFailure(path=name, reason=reason))
    return tuple(failures)
