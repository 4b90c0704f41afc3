"""The steps of a database restore.

restore ─► settings, reboot ─► master login, role logins ─► content ─┬─ --into: ended
                                                                     └─ the swap ─► its aftermath
"""

from __future__ import annotations

from scripts.engine.json_values import JsonObject
from scripts.engine.moments import write_moment
from scripts.engine.step import Step
from scripts.observe.databases import SeenBackups
from scripts.plans.aftermath_steps import aftermath_steps
from scripts.plans.restore_ground import Ground, plan_step
from scripts.plans.restore_instance import wanted_settings
from scripts.plans.restore_origin import origin_steps
from scripts.plans.restore_source import not_after_of
from scripts.plans.swap_steps import swap_steps

CONTENT = "content"


def restore_steps(ground: Ground) -> tuple[Step, ...]:
    """Return the steps in order."""
    steps = [
        *origin_steps(ground),
        _settings(ground),
        _reboot(ground),
        _master(ground),
        *_roles(ground),
        _content(ground),
    ]
    if not ground.into:
        steps += [*swap_steps(ground), *aftermath_steps(ground)]
    return tuple(steps)


def _settings(ground: Ground) -> Step:
    parameters: JsonObject = {"region": ground.source.region, "wanted": wanted_settings(ground)}
    title = "Set again what a restore loses, and compare with what is declared"
    return plan_step(ground, "settings", "database-settings", title, parameters)


def _reboot(ground: Ground) -> Step:
    title = "Reboot the new instance when a setting waits for that"
    return plan_step(ground, "reboot", "database-reboot", title, {"region": ground.source.region})


def _master(ground: Ground) -> Step:
    title = f"Give the master user the current value of {ground.template.master_secret}, and log in"
    return plan_step(ground, "master-login", "database-login", title, ground.place)


def _roles(ground: Ground) -> list[Step]:
    entries = [entry for entry in ground.contract.secrets.values() if entry.database_role]
    return [
        plan_step(
            ground,
            f"role-login-{number}",
            "database-role-login",
            f"Give role {entry.database_role} the current value of {entry.name}, and log in",
            {**ground.place, "role": entry.database_role, "secret": entry.name},
        )
        for number, entry in enumerate(entries, 1)
    ]


def _content(ground: Ground) -> Step:
    old, not_after = ground.source.instance, not_after_of(ground.source, ground.at)
    parameters: JsonObject = {
        **ground.place,
        "at": write_moment(ground.at),
        "not_after": write_moment(not_after) if not_after else "",
        "source": old.resource_id if old else "",
        # A copy brings the server's own versions along, and a snapshot those of its day.
        "same_extensions": isinstance(ground.source.origin, SeenBackups),
    }
    title = "Look into the restored database: target reached, sequences, extensions, roles"
    return plan_step(ground, CONTENT, "database-content", title, parameters)
