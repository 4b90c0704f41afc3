"""Declared faults: done to the servers at once, and taken back when they are forgotten.

In memory only: a service that is started again has none, and finds its servers as PostgreSQL left them. What
a fault does to links and archives is written in the servers' own files and is undone at a start as well.
"""

from __future__ import annotations

from threading import Lock

from lifeboat.core.errors import Refused
from localcloud.postgres.cut import Cut
from localcloud.postgres.fault_spec import FaultKind, FaultSpec
from localcloud.postgres.ledger import Ledger
from localcloud.postgres.records import InstanceRecord
from localcloud.postgres.regions import RegionCuts
from localcloud.postgres.strikes import Strikes

_HOLDING = frozenset({FaultKind.FREEZE, FaultKind.DOWN, FaultKind.POSTMASTER})


class Faults:
    """The faults of all databases."""

    def __init__(self, ledger: Ledger, strikes: Strikes, cuts: RegionCuts) -> None:
        self._ledger = ledger
        self._strikes = strikes
        self._cuts = cuts
        self._lock = Lock()
        self._declared: dict[int, tuple[FaultSpec, str]] = {}
        self._next_id = 1

    def declare(self, spec: FaultSpec) -> dict[str, object]:
        """Do what a fault says and return it as JSON values; one that does not last is not listed.

        Raises:
            Refused: there is no such database, or the fault is not one for it.
            psycopg.Error: its server has to be asked for it and does not answer.
        """
        with self._lock:
            record = self._find(spec) if spec.identifier else None
            fault_id, self._next_id = self._next_id, self._next_id + 1
            # Known before it strikes: a server that is found dead must not be helped up for want of a reason.
            if spec.kind.lasts:
                self._declared[fault_id] = (spec, record.resource_id if record else "")
            try:
                detail = self._strike(spec, record)
            except BaseException:
                self._declared.pop(fault_id, None)
                raise
            return {"id": fault_id, **_told(spec), "detail": detail}

    def forget(self, fault_id: int | None = None) -> int:
        """Take one fault back, or all, and return how many there were."""
        with self._lock:
            chosen = [fault_id] if fault_id is not None else list(self._declared)
            found = [self._declared.pop(each) for each in chosen if each in self._declared]
            for spec, resource_id in found:
                if not self._is_declared_again(spec, resource_id):
                    self._undo(spec, resource_id)
            return len(found)

    def clear_traces(self) -> None:
        """Undo what faults of an earlier run wrote down; before any server is started."""
        for record in self._ledger.records.instances.values():
            self._strikes.clear_traces(record)

    def holds(self, resource_id: str) -> bool:
        """Tell whether a server is kept from answering on purpose, so that nobody helps it."""
        return any(
            name == resource_id and spec.kind in _HOLDING for spec, name in tuple(self._declared.values())
        )

    def describe(self) -> list[dict[str, object]]:
        """Return every declared fault as JSON values."""
        return [{"id": fault_id, **_told(spec)} for fault_id, (spec, _) in tuple(self._declared.items())]

    def _strike(self, spec: FaultSpec, record: InstanceRecord | None) -> str:
        if record is not None:
            return self._strikes.strike(spec, record)
        self._cuts.sever(spec.region, Cut(new=spec.new, existing=spec.existing))
        return ""

    def _is_declared_again(self, spec: FaultSpec, resource_id: str) -> bool:
        """Tell whether another fault does the same to the same database or region."""
        return any(
            (other.kind, name, other.region) == (spec.kind, resource_id, spec.region)
            for other, name in self._declared.values()
        )

    def _undo(self, spec: FaultSpec, resource_id: str) -> None:
        record = self._ledger.records.instances.get(resource_id)
        if not resource_id:
            self._cuts.mend(spec.region)
        elif record is not None:
            self._strikes.undo(spec, record)

    def _find(self, spec: FaultSpec) -> InstanceRecord:
        for record in self._ledger.records.instances.values():
            if (record.region, record.identifier) == (spec.region, spec.identifier):
                if spec.kind.startswith("replica_") and record.source_resource_id is None:
                    raise Refused(f"database {spec.identifier} in {spec.region} is no replica")
                return record
        raise Refused(f"there is no database {spec.identifier} in {spec.region}")


def _told(spec: FaultSpec) -> dict[str, object]:
    """Return a fault as JSON values, with its effect in words and whether it lasts."""
    return {**spec.model_dump(mode="json"), "effect": spec.kind.effect, "lasts": spec.kind.lasts}
