"""Names Fly accepts: of apps (one global namespace) and of machines.

Source: the API's own refusal ("under 63 chars; lower-case letters, digits, dashes"), `reference` of the
Machines API. Whether a name is free is asked elsewhere: only a 404 says so.
"""

from __future__ import annotations

import re

MAX_NAME_CHARACTERS = 62
"""Longest name of an app or a machine."""

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_VOLUME_NAME = re.compile(r"[a-z0-9_]{1,30}")


def app_name_problem(name: str) -> str | None:
    """Say what is wrong with the name of an app; None when nothing is."""
    return _name_problem("app", name)


def machine_name_problem(name: str) -> str | None:
    """Say what is wrong with the name of a machine; None when nothing is."""
    return _name_problem("machine", name)


def volume_name_problem(name: str) -> str | None:
    """Say what is wrong with the name of a volume: lower-case letters, digits, underscores, 1 to 30."""
    if _VOLUME_NAME.fullmatch(name):
        return None
    return f"{name!r} is no volume name: use 1 to 30 lower-case letters, digits and underscores"


def _name_problem(kind: str, name: str) -> str | None:
    if not name:
        return f"the {kind} name is empty"
    if len(name) > MAX_NAME_CHARACTERS:
        return (
            f"the {kind} name {name[:20]!r}... has {len(name)} characters; at most {MAX_NAME_CHARACTERS} fit"
        )
    if not _NAME.fullmatch(name):
        return f"{name!r} is no {kind} name: use lower-case letters, digits and dashes, a dash at neither end"
    return None
