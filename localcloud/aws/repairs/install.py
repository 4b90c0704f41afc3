"""Installs repairs without importing moto's services: each waits for its module to be imported."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import wrapt

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Patch, Repair
from localcloud.aws.world import World


def install_repairs(repairs: Iterable[Repair], world: World) -> None:
    """Apply each patch as soon as its module is imported, in the order given; call it once per process."""
    for repair in repairs:
        for module_name, patch in repair.patches:
            wrapt.register_post_import_hook(partial(_apply, patch, world), module_name)


def _apply(patch: Patch, world: World, module: MotoObject) -> None:
    patch(module, world)
