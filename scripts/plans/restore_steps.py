"""The steps of a database restore, with forecasts from earlier runs.

restore ─► settings, reboot ─► master login, role logins ─► content
    ├─ --into: ended
    └─ apps pause ─► old aside ─► new in place ─► apps resume ─► measure ─► new backup
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lifeboat.core.contract import Contract, Database
from scripts.engine.forecast import Sample, forecast
from scripts.engine.json_values import Json, JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.step import Effect, Step
from scripts.observe.databases import SeenInstance
from scripts.plans.restore_points import Source

RESTORE = "restore"
CONTENT = "content"
ASIDE = "old-aside"
KEPT_DAYS = 14
_BUDGET = 4
_LEAST_BUDGET_S = 300.0
_KINDS = {
    "database-restore": (Effect.CREATES, 900.0),
    "database-settings": (Effect.CHANGES, 120.0),
    "database-reboot": (Effect.CHANGES, 60.0),
    "database-login": (Effect.CHANGES, 60.0),
    "database-role-login": (Effect.CHANGES, 10.0),
    "database-content": (Effect.READS, 30.0),
    "app-wake-on-abort": (Effect.CHANGES, 0.0),
    "app-pause": (Effect.DANGEROUS, 20.0),
    "app-resume": (Effect.CHANGES, 20.0),
    "database-aside": (Effect.DANGEROUS, 120.0),
    "database-in-place": (Effect.DANGEROUS, 120.0),
    "database-measure": (Effect.READS, 30.0),
    "database-snapshot": (Effect.CREATES, 600.0),
}
"""What each kind does, and how many seconds it takes while nothing was measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every step is made of.

    Args:
        into: name of the new instance; empty when it takes the primary's place.
        template: the declared database of the region it is made in.
        like: an instance there whose other settings it gets; None when there is none.
        history: earlier steps.
    """

    contract: Contract
    source: Source
    at: datetime
    into: str
    template: Database
    like: SeenInstance | None
    history: Sequence[Sample] = field(default=())

    @property
    def place(self) -> dict[str, Json]:
        """Where the new instance is, and where its master's secret is read."""
        topology = self.contract.topology
        reader = next((entry for entry in self.contract.secrets.values() if entry.database_role), None)
        regions = (self.source.region, *(r for r in topology.regions if r != self.source.region))
        return {
            "region": self.source.region,
            "name": self.template.name or "postgres",
            "master_secret": self.template.master_secret,
            "secret_regions": regions,
            "reader_role": reader.database_role if reader else "",
            "reader_secret": reader.name if reader else "",
        }

    @property
    def size_gib(self) -> float | None:
        """What the duration of a restore grows with."""
        return float(self.like.storage_gib) if self.like else None


def restore_steps(ground: Ground) -> tuple[Step, ...]:
    """Return the steps in order."""
    steps = [
        _restore(ground),
        _settings(ground),
        _reboot(ground),
        _master(ground),
        *_roles(ground),
        _content(ground),
    ]
    if not ground.into:
        steps += _swap(ground)
    return tuple(steps)


def wanted_settings(ground: Ground) -> dict[str, Json]:
    """Return what the new instance must be set to: as declared, and for the rest as its like is."""
    declared = ground.template
    return {
        **(ground.like.settings if ground.like else {}),
        "DBParameterGroupName": declared.parameter_group,
        "VpcSecurityGroupIds": tuple(sorted(declared.security_group_ids)),
        "MultiAZ": declared.multi_az,
        "DeletionProtection": declared.deletion_protection,
        "BackupRetentionPeriod": declared.retention_days,
        "DBInstanceClass": declared.instance_class,
    }


def _restore(ground: Ground) -> Step:
    chain = ground.source.chain
    source = {"SourceDBInstanceAutomatedBackupsArn": chain.arn}
    if not ground.source.is_replicated:
        source = {"SourceDbiResourceId": chain.resource_id}
    tags = ground.like.tags if ground.like else {}
    given: JsonObject = {
        **source,
        "DBSubnetGroupName": ground.template.subnet_group,
        "DBParameterGroupName": ground.template.parameter_group,
        "VpcSecurityGroupIds": tuple(ground.template.security_group_ids),
        "DBInstanceClass": ground.template.instance_class,
        "MultiAZ": ground.template.multi_az,
        "DeletionProtection": ground.template.deletion_protection,
        "PubliclyAccessible": False,
    }
    parameters: JsonObject = {
        "region": ground.source.region,
        "base": ground.into or ground.template.identifier,
        "is_exact": bool(ground.into),
        "at": write_moment(ground.at),
        "given": given,
        "tags": {name: value for name, value in tags.items() if not name.startswith(("aws:", "lifeboat:"))},
    }
    title = f"Restore {write_moment(ground.at)} into a new instance in {ground.source.region}"
    return _step(ground, RESTORE, "database-restore", title, parameters)


def _settings(ground: Ground) -> Step:
    parameters: JsonObject = {"region": ground.source.region, "wanted": wanted_settings(ground)}
    title = "Set again what a restore loses, and compare with what is declared"
    return _step(ground, "settings", "database-settings", title, parameters)


def _reboot(ground: Ground) -> Step:
    title = "Reboot the new instance when a setting waits for that"
    return _step(ground, "reboot", "database-reboot", title, {"region": ground.source.region})


def _master(ground: Ground) -> Step:
    title = f"Give the master user the current value of {ground.template.master_secret}, and log in"
    return _step(ground, "master-login", "database-login", title, ground.place)


def _roles(ground: Ground) -> list[Step]:
    entries = [entry for entry in ground.contract.secrets.values() if entry.database_role]
    return [
        _step(
            ground,
            f"role-login-{number}",
            "database-role-login",
            f"Give role {entry.database_role} the current value of {entry.name}, and log in",
            {**ground.place, "role": entry.database_role, "secret": entry.name},
        )
        for number, entry in enumerate(entries, 1)
    ]


def _content(ground: Ground) -> Step:
    old = ground.source.instance
    parameters: JsonObject = {
        **ground.place,
        "at": write_moment(ground.at),
        "source": old.resource_id if old else "",
    }
    title = "Look into the restored database: target reached, sequences, extensions, roles"
    return _step(ground, CONTENT, "database-content", title, parameters)


def _swap(ground: Ground) -> list[Step]:
    base, region, old = ground.template.identifier, ground.source.region, ground.source.instance
    apps = _apps(ground)
    steps = [step for app in apps for step in _pause(ground, app)]
    if old is not None:
        aside: JsonObject = {
            "region": region,
            "base": base,
            "resource_id": old.resource_id,
            "kept_days": KEPT_DAYS,
        }
        title = f"Rename {base} out of the way; it is kept for {KEPT_DAYS} days"
        steps.append(_step(ground, ASIDE, "database-aside", title, aside))
    place: JsonObject = {"region": region, "base": base}
    title = f"Rename the new instance to {base}; the endpoint stays"
    steps.append(_step(ground, "new-in-place", "database-in-place", title, place))
    for app in apps:
        resume: JsonObject = {"app": app, "paused_by": f"pause-{app}"}
        title = f"Start the machines of {app} that were stopped"
        steps.append(_step(ground, f"resume-{app}", "app-resume", title, resume))
    measure: JsonObject = {
        **ground.place,
        "at": write_moment(ground.at),
        "old": old.resource_id if old else "",
    }
    title = "Log in through the endpoint; measure what was lost and how long it was down"
    steps.append(_step(ground, "measure", "database-measure", title, measure))
    title = "Take a snapshot, and wait until the new instance can itself be restored"
    steps.append(_step(ground, "new-backup", "database-snapshot", title, place))
    return steps


def _pause(ground: Ground, app: str) -> tuple[Step, Step]:
    sure = f"From here on an abort starts the machines of {app} again"
    return (
        _step(ground, f"wake-{app}-on-abort", "app-wake-on-abort", sure, {"app": app}),
        _step(ground, f"pause-{app}", "app-pause", f"Cordon and stop the machines of {app}", {"app": app}),
    )


def _apps(ground: Ground) -> list[str]:
    """Return the Fly apps that know how to log in to the database."""
    fly, secrets = ground.contract.fly, ground.contract.secrets.values()
    logins = {entry.name for entry in secrets if entry.database_role}
    logins.add(ground.template.master_secret)
    apps = fly.apps.values() if fly else ()
    return sorted(app.name for app in apps if logins & {one.secret for one in app.secrets.values()})


def _step(ground: Ground, step_id: str, kind: str, title: str, parameters: JsonObject) -> Step:
    effect, default_s = _KINDS[kind]
    size = ground.size_gib if effect is Effect.CREATES else None
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
