"""ModifyEventSubscription, which stock moto does not have."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_CHANGEABLE = ("sns_topic_arn", "source_type", "event_categories", "enabled")


def _patch(responses: MotoObject, _world: World) -> None:
    def modify(self: MotoObject) -> MotoObject:
        given = dict(self.params.items())
        (subscription,) = self.backend.describe_event_subscriptions(given["subscription_name"])
        for name in _CHANGEABLE:
            if given.get(name) is not None:
                setattr(subscription, name, given[name])
        return responses.ActionResult({"EventSubscription": subscription})

    responses.RDSResponse.modify_event_subscription = modify


REPAIR = Repair(
    name="rds_event_subscriptions",
    service="rds",
    what="ModifyEventSubscription was missing",
    operations=("ModifyEventSubscription",),
    patches=(("moto.rds.responses", _patch),),
)
