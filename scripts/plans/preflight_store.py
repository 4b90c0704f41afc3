"""Can the run be written down, so that it survives this machine? Pure."""

from __future__ import annotations

from lifeboat.core.contract import Contract
from scripts.engine.check import Check, Outcome
from scripts.observe.run_bucket import Protection
from scripts.observe.unseen import Unseen

_ENABLED = "Enabled"


def write_check(contract: Contract, holds: bool | Unseen | None) -> Check:
    """Return whether the bucket of the recovery region holds writes to conditions: so the lease is made."""
    name, where = "run-store", _where(contract)
    if isinstance(holds, Unseen):
        outcome = Outcome.FAIL if holds.was_refused else Outcome.UNKNOWN
        return Check(name=name, outcome=outcome, detail=holds.reason)
    if holds is None:
        return Check(name=name, outcome=Outcome.FAIL, detail=f"the contract names no bucket in {where}")
    if not holds:
        detail = f"{where} takes a write whose condition does not hold: two runs could hold one lease"
        return Check(name=name, outcome=Outcome.FAIL, detail=detail)
    return Check(name=name, outcome=Outcome.PASS, detail=f"{where} holds writes to their conditions")


def protection_check(contract: Contract, found: Protection | Unseen | None) -> Check:
    """Return whether the bucket keeps versions and holds its lock as the contract declares."""
    name, where = "run-store-kept", _where(contract)
    if isinstance(found, Unseen):
        return Check(name=name, outcome=Outcome.UNKNOWN, detail=found.reason)
    if found is None:
        return Check(name=name, outcome=Outcome.FAIL, detail=f"the contract names no bucket in {where}")
    declared = contract.backups.buckets[contract.topology.recovery_region].object_lock_days
    lock = "no Object Lock" if found.lock_days is None else f"Object Lock for {found.lock_days} days"
    detail = f"{where}: versioning {found.versioning or 'never enabled'}, {lock}"
    if found.versioning != _ENABLED:
        return Check(name=name, outcome=Outcome.FAIL, detail=detail)
    if declared is not None and (found.lock_days is None or found.lock_days < declared):
        detail = f"{detail}, and {declared} days are declared"
        return Check(name=name, outcome=Outcome.FAIL, detail=detail)
    warning = "" if found.lock_days is not None else "whoever may delete there can delete evidence too"
    return Check(name=name, outcome=Outcome.PASS, detail=detail, warning=warning)


def _where(contract: Contract) -> str:
    region = contract.topology.recovery_region
    bucket = contract.backups.buckets.get(region)
    return f"s3://{bucket.name}" if bucket else region
