"""Says what to do instead, with Lifeboat's own commands marked when this version does not have them yet."""

from __future__ import annotations

from collections.abc import Callable

from scripts.runbook.rule import Rule

Exists = Callable[[str], bool]
"""Does this version of Lifeboat have the command, named without the word lifeboat?"""


def replacement(rule: Rule, exists: Exists) -> str:
    """Return what to type or do instead; ours first."""
    ours = [f"`lifeboat {name}`" + ("" if exists(name) else " (planned)") for name in rule.ours]
    return "; ".join([*ours, *([rule.instead] if rule.instead else [])])
