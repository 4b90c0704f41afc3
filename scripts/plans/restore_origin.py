"""The steps that make the new instance and put the data into it, for each kind of source.

chain      restore (to a moment)
snapshot   restore (from the snapshot)
copy       hold ─► copy-check ─► restore (empty) ─► load

Whatever the source, the step `restore` makes the instance; the steps behind it ask for its result.
"""

from __future__ import annotations

from scripts.backup.listing import Backup
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.observe.databases import SeenBackups, SeenSnapshot
from scripts.plans.restore_copy import copy_steps
from scripts.plans.restore_ground import Ground, plan_step
from scripts.plans.restore_instance import instance_parameters, instance_settings


def origin_steps(ground: Ground) -> list[Step]:
    """Return the steps in order."""
    origin = ground.source.origin
    if isinstance(origin, SeenSnapshot):
        return [_from_snapshot(ground, origin)]
    if isinstance(origin, Backup):
        return copy_steps(ground, origin)
    return [_to_moment(ground, origin)]


def _to_moment(ground: Ground, chain: SeenBackups) -> Step:
    source = {"SourceDBInstanceAutomatedBackupsArn": chain.arn}
    if not ground.source.is_away:
        source = {"SourceDbiResourceId": chain.resource_id}
    parameters = instance_parameters(ground, {**source, **instance_settings(ground)})
    title = f"Restore {write_moment(ground.at)} into a new instance in {ground.source.region}"
    return plan_step(ground, "restore", "database-restore", title, parameters)


def _from_snapshot(ground: Ground, snapshot: SeenSnapshot) -> Step:
    given = {"DBSnapshotIdentifier": snapshot.name, **instance_settings(ground)}
    title = f"Restore snapshot {snapshot.name} into a new instance in {ground.source.region}"
    return plan_step(ground, "restore", "database-from-snapshot", title, instance_parameters(ground, given))
