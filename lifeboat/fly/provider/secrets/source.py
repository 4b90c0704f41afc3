"""One source of a secret value, and how the value is taken from what Secrets Manager holds. Pure.

The value exists as `Secret` from here on; no message ever quotes it or what it was taken from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from lifeboat.core.errors import ConfigError
from lifeboat.core.secret import Secret

PLACE = "{value}"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """Where a value is kept.

    Args:
        secret: name or ARN in Secrets Manager.
        regions: regions that hold it, in the order to try.
        field: the field of a JSON object; empty when the secret itself is the value.
        template: a URL with `{value}` in it; empty for the value alone.
    """

    secret: str
    regions: tuple[str, ...]
    field: str = ""
    template: str = ""

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> SecretSource:
        """Read a checked input."""
        return cls(
            secret=given["secret"],
            regions=tuple(given["regions"]),
            field=given.get("field") or "",
            template=given.get("template") or "",
        )

    def value_of(self, kept: Secret) -> Secret:
        """Return the value to send.

        Args:
            kept: what Secrets Manager holds.

        Raises:
            ConfigError: the field is not there.
        """
        value = self._field_of(kept) if self.field else kept.reveal()
        if not self.template:
            return Secret(value)
        return Secret(self.template.replace(PLACE, quote(value, safe="")))

    def _field_of(self, kept: Secret) -> str:
        try:
            found = json.loads(kept.reveal())
        except ValueError:
            found = None
        value = found.get(self.field) if isinstance(found, dict) else None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise ConfigError(f"secret {self.secret} is no JSON object with a text or number {self.field!r}")
        return str(value)


def name_problem(name: str) -> str | None:
    """Say what is wrong with the name of an app secret; None when nothing is."""
    if _NAME.fullmatch(name):
        return None
    return f"{name!r} cannot be the name of an environment variable"


def source_problem(given: Mapping[str, Any]) -> str | None:
    """Say what is wrong with a source of the right shape; None when nothing is."""
    template = given.get("template")
    if not given.get("regions"):
        return "names no region to ask"
    if isinstance(template, str) and PLACE not in template:
        return f"the template has no {PLACE}"
    return None
