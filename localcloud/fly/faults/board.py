"""What is declared to be wrong: pure book-keeping; each kind's effect is where it belongs.

requests (faults/gate.py)     api_down, graphql_down, uiex_down, tokens_down, rate_storm, latency,
region_down, region_half_dead, timeout_after_write
answers (api/)                empty_list, stale_reads, partial lists of region_down
hosts (machines/)             host_lost, no_capacity, image_gone, slow_transitions, lease_left
edge (proxy/)                 region_down, region_half_dead, host_lost
"""

from __future__ import annotations

from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, Field


class FaultKind(StrEnum):
    """What goes wrong."""

    API_DOWN = "api_down"
    """Every Machines REST request answers `status` (503)."""
    GRAPHQL_DOWN = "graphql_down"
    UIEX_DOWN = "uiex_down"
    TOKENS_DOWN = "tokens_down"
    """Token verification is down: every request answers 401 `Authenticate: token validation error`."""
    RATE_STORM = "rate_storm"
    """Requests that meet it answer 429 whatever their rate."""
    LATENCY = "latency"
    """Served, `delay_s` late."""
    TIMEOUT_AFTER_WRITE = "timeout_after_write"
    """Done, and never answered: the connection drops after `delay_s`."""
    REGION_DOWN = "region_down"
    """A region is gone: partial lists with `error_regions`, its machines unreachable, writes to them fail."""
    REGION_HALF_DEAD = "region_half_dead"
    """Reads work, writes to the region hang for `delay_s`; the edge cannot reach its machines."""
    HOST_LOST = "host_lost"
    """A host is unreachable: `host_status`, updates fail, deletes stay `destroying`, processes are gone."""
    NO_CAPACITY = "no_capacity"
    """Creates (and bigger guests) are refused with `scope`: host, region, volume or quota."""
    EMPTY_LIST = "empty_list"
    """Lists of machines are empty although the machines are well (incident of 2026-04-28)."""
    STALE_READS = "stale_reads"
    """Reads show what was before the last `delay_s`; just created objects answer 404."""
    SLOW_TRANSITIONS = "slow_transitions"
    """Transitions take `factor` times as long."""
    IMAGE_GONE = "image_gone"
    """The registry no longer holds the images matching `image`."""
    LEASE_LEFT = "lease_left"
    """Takes a lease of `delay_s` on every matching machine at once, as a killed client would leave it."""


class FaultSpec(BaseModel):
    """A fault as declared; an empty field means any. `app`, `action` and `image` may hold `*`.

    `action` is an operation id of Fly's API description, such as `Machines_create`. `message` replaces the
    text of api_down and rate_storm, which reports of the real one give differently.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    region: str = ""
    host: str = ""
    app: str = ""
    machine: str = ""
    action: str = ""
    image: str = ""
    scope: str = Field(default="region", pattern="^(host|region|volume|quota)$")
    status: int = Field(default=503, ge=400, le=599)
    message: str = Field(default="", max_length=500)
    delay_s: float = Field(default=60.0, ge=0, le=86_400)
    factor: float = Field(default=10.0, ge=1, le=1000)
    times: int | None = Field(default=None, ge=1)


class FaultBoard:
    """The declared faults; a restarted emulator has none."""

    def __init__(self) -> None:
        self._specs: dict[int, FaultSpec] = {}
        self._hits: dict[int, int] = {}
        self._next_id = 1

    def declare(self, spec: FaultSpec) -> int:
        """Add a fault and return its id."""
        fault_id, self._next_id = self._next_id, self._next_id + 1
        self._specs[fault_id] = spec
        self._hits[fault_id] = 0
        return fault_id

    def forget(self, fault_id: int | None = None) -> int:
        """Remove one fault, or all; return how many were removed."""
        doomed = list(self._specs) if fault_id is None else [fault_id] * (fault_id in self._specs)
        for key in doomed:
            del self._specs[key]
            del self._hits[key]
        return len(doomed)

    def active(self, kind: FaultKind, **about: str) -> FaultSpec | None:
        """Return the oldest fault of a kind that meets a subject, without counting it.

        Args:
            kind: what may go wrong.
            about: what the question is about: any of region, host, app, machine, action, image. A fault that
                names a field meets only a subject that states a matching one.
        """
        return next((spec for key, spec in self._specs.items() if self._meets(key, spec, kind, about)), None)

    def take(self, kind: FaultKind, **about: str) -> FaultSpec | None:
        """As `active`, and count the hit; a fault with `times` that is used up meets nothing more."""
        for key, spec in self._specs.items():
            if self._meets(key, spec, kind, about):
                self._hits[key] += 1
                return spec
        return None

    def has(self, kind: FaultKind) -> bool:
        """Tell whether any fault of a kind is declared, whatever it is about."""
        return any(spec.kind is kind for spec in self._specs.values())

    def describe(self) -> list[dict[str, object]]:
        """Return every fault as JSON values, with its id and how often it fired."""
        return [
            {"id": key, **spec.model_dump(mode="json"), "hits": self._hits[key]}
            for key, spec in self._specs.items()
        ]

    def _meets(self, key: int, spec: FaultSpec, kind: FaultKind, about: dict[str, str]) -> bool:
        if spec.kind is not kind or (spec.times is not None and self._hits[key] >= spec.times):
            return False
        wanted = {name: getattr(spec, name) for name in _MATCHED if getattr(spec, name)}
        return all(name in about and fnmatchcase(about[name], pattern) for name, pattern in wanted.items())


_MATCHED = ("region", "host", "app", "machine", "action", "image")
