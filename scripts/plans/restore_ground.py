"""What every step of a database restore is planned from, and how long each kind takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lifeboat.core.contract import Contract, Database
from scripts.backup.listing import Backup
from scripts.engine.forecast import Sample, forecast
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.step import Effect, Step
from scripts.observe.instance import SeenInstance
from scripts.plans.restore_source import Source

KEPT_DAYS = 14
"""How long an instance that was replaced is kept at least, by its tag."""
_BUDGET = 4
_LEAST_BUDGET_S = 300.0
_KINDS = {
    "database-restore": (Effect.CREATES, 900.0),
    "database-from-snapshot": (Effect.CREATES, 900.0),
    "backup-hold": (Effect.CHANGES, 2.0),
    "backup-check": (Effect.READS, 10.0),
    "database-create": (Effect.CREATES, 600.0),
    "database-load": (Effect.CHANGES, 60.0),
    "database-settings": (Effect.CHANGES, 120.0),
    "database-reboot": (Effect.CHANGES, 60.0),
    "database-login": (Effect.CHANGES, 60.0),
    "database-role-login": (Effect.CHANGES, 10.0),
    "database-content": (Effect.READS, 30.0),
    "app-wake-on-abort": (Effect.CHANGES, 0.0),
    "app-pause": (Effect.DANGEROUS, 20.0),
    "app-resume": (Effect.CHANGES, 20.0),
    "database-mark": (Effect.CHANGES, 2.0),
    "database-aside": (Effect.DANGEROUS, 120.0),
    "database-in-place": (Effect.DANGEROUS, 120.0),
    "database-measure": (Effect.READS, 30.0),
    "app-answers": (Effect.READS, 10.0),
    "database-snapshot": (Effect.CREATES, 600.0),
    "database-replica": (Effect.CREATES, 1800.0),
    "backups-replication": (Effect.CREATES, 600.0),
    "state-follow": (Effect.CHANGES, 20.0),
    "state-preview": (Effect.READS, 120.0),
}
"""What each kind does, and how many seconds it takes while nothing was measured."""
_S_PER_GIB = {"backup-check": 10.0, "database-load": 120.0}
"""What some take beside that for each GiB of a database, while nothing was measured."""
_ANY_SIZE = frozenset({"database-create"})
"""What creates something that is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every step is made of.

    Args:
        into: name of the new instance; empty when it takes the primary's place.
        template: the declared database of the region it is made in.
        like: an instance there whose other settings it gets; None when there is none.
        history: earlier steps.
        replicas: who has the place of each declared replica, by region that can be reached.
        copies_arn: the replicated backups of the primary that is there now; empty when none are declared.
    """

    contract: Contract
    source: Source
    at: datetime
    into: str
    template: Database
    like: SeenInstance | None
    history: Sequence[Sample] = field(default=())
    replicas: Mapping[str, SeenInstance | None] = field(default_factory=dict)
    copies_arn: str = ""

    @property
    def place(self) -> dict[str, Json]:
        """Where the new instance is, and where its master's secret is read."""
        topology = self.contract.topology
        reader = next((entry for entry in self.contract.secrets.values() if entry.database_role), None)
        regions = (self.source.region, *(r for r in topology.regions if r != self.source.region))
        origin = self.source.origin
        held = origin.manifest.database if isinstance(origin, Backup) else self.template.name
        return {
            "region": self.source.region,
            "name": held or "postgres",
            "master_secret": self.template.master_secret,
            "secret_regions": regions,
            "reader_role": reader.database_role if reader else "",
            "reader_secret": reader.name if reader else "",
        }

    @property
    def size_gib(self) -> float | None:
        """What the duration of a restore grows with."""
        return float(self.like.storage_gib) if self.like else None


def plan_step(
    ground: Ground, step_id: str, kind: str, title: str, parameters: JsonObject, *, size: float | None = None
) -> Step:
    """Return a step of a kind, with its forecast.

    Args:
        ground: what it is made of.
        step_id: its id.
        kind: its kind.
        title: what the operator reads.
        parameters: of the kind.
        size: in GiB, what its duration grows with; by default that of the instance for what creates one.
    """
    effect, default_s = _KINDS[kind]
    if size is None and effect is Effect.CREATES and kind not in _ANY_SIZE:
        size = ground.size_gib
    default_s += _S_PER_GIB.get(kind, 0.0) * (size or 0.0)
    expected = forecast(kind, size, default_s=default_s, history=ground.history)
    return Step(
        id=step_id,
        kind=kind,
        title=title,
        parameters=parameters,
        expected_s=round(expected.median_s, 1),
        budget_s=max(_LEAST_BUDGET_S, round(_BUDGET * expected.p90_s, 1)),
        effect=effect,
        undoable=effect is not Effect.READS,
        size=size,
    )
