"""What would only be pretended is refused, with the reason: clusters, proxies, exports and others.

Stock moto answers all of these with success, and nothing stands behind the answers.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.not_emulated import NOT_EMULATED
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(responses: MotoObject, _world: World) -> None:
    from moto.core.utils import camelcase_to_underscores

    for operation, reason in NOT_EMULATED.items():
        _refuse(responses.RDSResponse, camelcase_to_underscores(operation), reason)
    for operation in ("create_db_instance", "restore_db_instance_from_db_snapshot"):
        _refuse_members(responses.RDSResponse, operation)


def _refuse(response: MotoObject, method: str, reason: str) -> None:
    def answer(_self: MotoObject) -> MotoObject:
        raise NotImplementedError(reason)

    setattr(response, method, answer)


def _refuse_members(response: MotoObject, method: str) -> None:
    original = getattr(response, method)

    def answer(self: MotoObject) -> MotoObject:
        if self.params.get("DBClusterIdentifier"):
            raise NotImplementedError(NOT_EMULATED["CreateDBCluster"])
        return original(self)

    setattr(response, method, answer)


REPAIR = Repair(
    name="rds_refusals",
    service="rds",
    what="clusters, proxies, exports, blue/green deployments and others succeeded with nothing behind them",
    operations=(),
    refused=tuple(NOT_EMULATED),
    patches=(("moto.rds.responses", _patch),),
)
