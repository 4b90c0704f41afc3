"""A machine as planning sees it: plain values, read once, never asked again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lifeboat.fly.provider.groups.marks import Marks

_GONE = frozenset({"destroying", "destroyed"})
_ASLEEP = frozenset({"stopped", "suspended", "stopping", "suspending", "created"})
_RISING = frozenset({"starting", "restarting", "replacing"})
_OK = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A machine of the app.

    Args:
        region: where it stands, which is not its slot's home after a capacity fallback.
        instance_id: the version of its configuration that is running.
        host_status: `ok`, `unknown` or `unreachable`.
        config: Fly's own form; empty when its host cannot be asked.
        checks_passing: whether every service check passes; None when it has no checks.
    """

    id: str
    name: str
    region: str
    state: str
    instance_id: str
    host_status: str
    cordoned: bool
    created_at: datetime
    config: Mapping[str, Any]
    image_digest: str
    checks_passing: bool | None
    marks: Marks

    @property
    def is_gone(self) -> bool:
        """Whether it is destroyed or about to be; its name may still be taken."""
        return self.state in _GONE

    @property
    def is_reachable(self) -> bool:
        """Whether its host can be asked to change it."""
        return self.host_status == _OK

    @property
    def is_started(self) -> bool:
        """Whether it runs."""
        return self.state == "started"

    @property
    def is_rising(self) -> bool:
        """Whether it is about to run."""
        return self.state in _RISING

    @property
    def is_asleep(self) -> bool:
        """Whether it was put to rest, by the proxy or by somebody."""
        return self.state in _ASLEEP

    @property
    def is_put_to_sleep(self) -> bool:
        """Whether it ran once and rests now, as Fly's proxy leaves it; a `created` one never ran."""
        return self.is_asleep and self.state != "created"

    @property
    def is_healthy(self) -> bool:
        """Whether it runs and no check of it fails."""
        return self.is_started and self.checks_passing is not False

    @property
    def metadata(self) -> Mapping[str, str]:
        """Its metadata; empty when there is none."""
        found: Mapping[str, str] = self.config.get("metadata") or {}
        return found

    @property
    def volume(self) -> str:
        """The volume it mounts; empty when it mounts none."""
        mounts = self.config.get("mounts") or [{}]
        return str(mounts[0].get("volume") or "")
