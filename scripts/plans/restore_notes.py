"""What an operator should read before agreeing to a restore."""

from __future__ import annotations

from scripts.observe.instance import SeenInstance
from scripts.plans.aftermath_steps import FOLLOW
from scripts.plans.restore_ground import Ground
from scripts.plans.restore_points import World
from scripts.plans.restore_steps import CONTENT


def notes(ground: Ground, world: World) -> tuple[str, ...]:
    """Return them, the most important first."""
    lost = [
        f"{seen.region} cannot be reached: {seen.unreachable}" for seen in world.values() if seen.unreachable
    ]
    if ground.into:
        where = f"{ground.into} takes nobody's place; it costs until it is deleted"
        return (*lost, where, _unknown(ground.like))
    return (
        *lost,
        f"the primary goes on until the swap, after step {CONTENT}; only the old instance has what is "
        "written until then",
        "the old instance is renamed, tagged with an expiry and never deleted; an abort renames it back",
        f"once the new instance is in place a failure undoes nothing by itself; `pulumi up` of stack "
        f"{ground.contract.stack} must wait until step {FOLLOW} is done",
        _unknown(ground.like),
    )


def _unknown(like: SeenInstance | None) -> str:
    if like is None:
        return "monitoring, log exports and windows are not in the contract, and no instance is there to copy"
    return f"what the contract does not say is set as {like.identifier} has it"
