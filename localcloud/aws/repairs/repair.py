"""One repair of moto: what it corrects, where it takes hold, and which operations it makes right.

A patch is a function of a freshly imported moto module; it replaces or wraps what it must and keeps whatever
has to survive a restart on moto's own backend objects, for those are what is saved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.world import World

Patch = Callable[[MotoObject, World], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """A named correction.

    Args:
        name: the module's name, for the coverage report.
        service: the service as boto3 names it.
        what: one sentence saying what stock moto does and what happens here.
        operations: the operations it adds or corrects, as AWS names them.
        refused: the operations it refuses because moto would only pretend.
        patches: pairs of moto module and patch, applied when that module is imported.
    """

    name: str
    service: str
    what: str
    operations: tuple[str, ...]
    patches: tuple[tuple[str, Patch], ...]
    refused: tuple[str, ...] = ()
