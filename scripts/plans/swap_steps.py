"""The steps by which a restored instance takes the place, the name and the endpoint of the primary.

apps pause ─► old marked ─► old aside ─► new in place ─► apps resume ─► measure, ask the apps ─► new backup
"""

from __future__ import annotations

from dataclasses import replace

from lifeboat.core.contract_fly import FlyApp
from scripts.engine.json_values import JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.observe.instance import SeenInstance
from scripts.plans.restore_ground import KEPT_DAYS, Ground, plan_step

MEASURE = "measure"
"""Id of the step after which the product is back."""


def swap_steps(ground: Ground) -> list[Step]:
    """Return the steps in order."""
    base, region, old = ground.template.identifier, ground.source.region, ground.source.instance
    apps = _apps(ground)
    names = [app.name for app in apps]
    steps = [step for app in names for step in _pause(ground, app)]
    if old is not None:
        steps += _aside(ground, old)
    place: JsonObject = {"region": region, "base": base}
    title = f"Rename the new instance to {base}; the endpoint stays"
    # Whoever writes from here on writes into the new one.
    steps.append(replace(plan_step(ground, "new-in-place", "database-in-place", title, place), commits=True))
    for app in names:
        resume: JsonObject = {"app": app, "paused_by": f"pause-{app}"}
        title = f"Start the machines of {app} that were stopped"
        steps.append(plan_step(ground, f"resume-{app}", "app-resume", title, resume))
    measure: JsonObject = {
        **ground.place,
        "at": write_moment(ground.at),
        "old": old.resource_id if old else "",
    }
    title = "Log in through the endpoint; measure what was lost and how long it was down"
    steps.append(plan_step(ground, MEASURE, "database-measure", title, measure))
    steps += [_answers(ground, app) for app in apps if health_path(app)]
    title = "Take a snapshot, and wait until the new instance can itself be restored"
    steps.append(plan_step(ground, "new-backup", "database-snapshot", title, place))
    return steps


def _aside(ground: Ground, old: SeenInstance) -> tuple[Step, Step]:
    base = ground.template.identifier
    place: JsonObject = {"region": ground.source.region, "base": base, "resource_id": old.resource_id}
    mark = f"Tag {base} as replaced, to be kept for {KEPT_DAYS} days"
    aside = f"Rename {base} out of the way; it is never deleted"
    return (
        plan_step(ground, "mark-old", "database-mark", mark, {**place, "kept_days": KEPT_DAYS}),
        plan_step(ground, "old-aside", "database-aside", aside, place),
    )


def _pause(ground: Ground, app: str) -> tuple[Step, Step]:
    pause = f"Cordon and stop the machines of {app}"
    sure = f"From here on an abort starts the machines of {app} again"
    return (
        plan_step(ground, f"wake-{app}-on-abort", "app-wake-on-abort", sure, {"app": app}),
        plan_step(ground, f"pause-{app}", "app-pause", pause, {"app": app}),
    )


def _answers(ground: Ground, app: FlyApp) -> Step:
    path = health_path(app)
    parameters: JsonObject = {"hostname": app.hostname, "path": path, "measured_by": MEASURE}
    title = f"Ask {app.hostname}{path} from outside, as users do"
    return plan_step(ground, f"answers-{app.name}", "app-answers", title, parameters)


def health_path(app: FlyApp) -> str:
    """Return the path of the first HTTP check behind a public service of an app; empty when it has none."""
    services = [service for group in app.groups.values() for service in group.config.get("services", ())]
    checks = [check for service in services for check in service.get("checks", ())]
    return next((str(one["path"]) for one in checks if one.get("type") == "http" and one.get("path")), "")


def _apps(ground: Ground) -> list[FlyApp]:
    """Return the Fly apps that know how to log in to the database."""
    fly, secrets = ground.contract.fly, ground.contract.secrets.values()
    logins = {entry.name for entry in secrets if entry.database_role}
    logins.add(ground.template.master_secret)
    apps = fly.apps.values() if fly else ()
    using = (app for app in apps if logins & {one.secret for one in app.secrets.values()})
    return sorted(using, key=lambda app: app.name)
