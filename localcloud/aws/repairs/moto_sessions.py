"""One boto3 session for all of moto, which only asks it which regions there are.

Every new session parses botocore's list of endpoints again, 0.1 s each, and moto makes one at each turn.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(boto3: MotoObject, _world: World) -> None:
    shared: list[MotoObject] = []
    make = boto3.Session

    def session() -> MotoObject:
        if not shared:
            shared.append(make())
        return shared[0]

    boto3.Session = session


REPAIR = Repair(
    name="moto_sessions",
    service="",
    what="the first call of a service took up to a second longer",
    operations=(),
    patches=(("boto3", _patch),),
)
