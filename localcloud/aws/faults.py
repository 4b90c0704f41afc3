"""Faults of regions, services and operations: which are declared, and which one meets a request.

Pure bookkeeping, in memory only: a restarted local cloud has none. The effects are in `fault_effects.py`.
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase
from threading import Lock

from pydantic import BaseModel, ConfigDict, Field

from localcloud.aws.request_scope import RequestScope


class FaultKind(StrEnum):
    """What happens to the request that is met."""

    ERROR = "error"
    """Answered with `status` and `code` after `delay_s`; nothing was done."""
    LATENCY = "latency"
    """Served, `delay_s` late."""
    HANG = "hang"
    """Never answered, nothing done: the connection drops after `delay_s` or when the client gives up."""
    DROP = "drop"
    """The connection closes without an answer; nothing was done."""
    TIMEOUT_AFTER_WRITE = "timeout_after_write"
    """Done, and never answered: the connection drops after `delay_s`."""


class FaultSpec(BaseModel):
    """A fault as declared; empty region, service or action means any. Actions may hold `*`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    region: str = ""
    service: str = ""
    action: str = ""
    status: int = Field(default=503, ge=400, le=599)
    code: str = "ServiceUnavailable"
    delay_s: float | None = Field(default=None, ge=0, le=3600)
    times: int | None = Field(default=None, ge=1)

    def meets(self, scope: RequestScope) -> bool:
        """Tell whether this fault is meant for a request."""
        return (
            self.region in {"", scope.region}
            and self.service in {"", scope.service}
            and fnmatchcase(scope.action, self.action or "*")
        )

    @property
    def is_whole_region(self) -> bool:
        """Whether a region as such is cut off: no service of it can be reached, nor reach others."""
        return (
            bool(self.region) and not self.service and not self.action and self.kind is not FaultKind.LATENCY
        )


class FaultBoard:
    """The declared faults; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._specs: dict[int, FaultSpec] = {}
        self._hits: dict[int, int] = {}
        self._next_id = 1

    def declare(self, spec: FaultSpec) -> int:
        """Add a fault and return its id."""
        with self._lock:
            fault_id, self._next_id = self._next_id, self._next_id + 1
            self._specs[fault_id] = spec
            self._hits[fault_id] = 0
            return fault_id

    def forget(self, fault_id: int | None = None) -> int:
        """Remove one fault, or all; return how many were removed."""
        with self._lock:
            doomed = [fault_id] if fault_id in self._specs else []
            doomed = list(self._specs) if fault_id is None else doomed
            for key in doomed:
                del self._specs[key]
                del self._hits[key]
            return len(doomed)

    def take(self, scope: RequestScope) -> FaultSpec | None:
        """Return the oldest fault that meets a request, counting it; a used-up fault meets nothing more."""
        with self._lock:
            for fault_id, spec in self._specs.items():
                is_left = spec.times is None or self._hits[fault_id] < spec.times
                if is_left and spec.meets(scope):
                    self._hits[fault_id] += 1
                    return spec
        return None

    def is_region_down(self, region: str) -> bool:
        """Tell whether a region is cut off as a whole right now."""
        with self._lock:
            return any(
                spec.is_whole_region and spec.region == region and spec.times is None
                for spec in self._specs.values()
            )

    def down_regions(self) -> frozenset[str]:
        """Return the regions that are cut off as a whole right now."""
        with self._lock:
            named = {spec.region for spec in self._specs.values()}
        return frozenset(region for region in named if self.is_region_down(region))

    def region_count(self) -> int:
        """Return how many declared faults name a region."""
        with self._lock:
            return sum(1 for spec in self._specs.values() if spec.region)

    def describe(self) -> list[dict[str, object]]:
        """Return every fault as JSON values, with its id and how often it fired."""
        with self._lock:
            return [
                {"id": key, **spec.model_dump(mode="json"), "hits": self._hits[key]}
                for key, spec in self._specs.items()
            ]
