"""Names of apps: one global namespace, under 63 letters, digits and dashes.

Source: fly.md 2.1 (422 texts); the words of the single rules vary between reports.
"""

from __future__ import annotations

import re

from localcloud.fly.ids import Ids
from localcloud.fly.wire_error import WireError

_LONGEST = 62
_ALLOWED = re.compile(r"[a-z0-9-]+")
_FIRST = ("autumn", "bold", "cold", "dark", "falling", "gentle", "late", "little", "misty", "quiet")
_SECOND = ("brook", "cloud", "dew", "field", "frost", "glade", "lake", "moon", "pine", "river")


def check_name(name: str) -> None:
    """Refuse a name that no app may have.

    Raises:
        WireError: 422.
    """
    if len(name) > _LONGEST:
        raise _invalid("Name should be under 63 characters")
    if not _ALLOWED.fullmatch(name):
        raise _invalid("Name may only contain lowercase letters, numbers and dashes")
    if name.startswith("-") or name.endswith("-"):
        raise _invalid("Name may not start or end with a dash")


def invented_name(ids: Ids) -> str:
    """Return a name for an app that was created without one."""
    first, second = _FIRST[ids.number(len(_FIRST))], _SECOND[ids.number(len(_SECOND))]
    return f"{first}-{second}-{ids.number(10_000):04}"


def _invalid(text: str) -> WireError:
    return WireError(422, f"Validation failed: {text}")
