"""Deleted things are forgotten: stock moto keeps every object it ever made in a list for its dashboard."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(common_models: MotoObject, _world: World) -> None:
    def new_untracked(kind: MotoObject, *_: MotoObject, **__: MotoObject) -> MotoObject:
        return object.__new__(kind)

    common_models.BaseModel.__new__ = new_untracked


REPAIR = Repair(
    name="moto_memory",
    service="",
    what="every model object ever made stayed in memory until a reset",
    operations=(),
    patches=(("moto.core.common_models", _patch),),
)
