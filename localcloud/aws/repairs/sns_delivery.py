"""HTTP subscribers get their messages from threads of their own, and only on this machine.

Stock moto posts inside Publish without a timeout: a subscriber that never answers blocks the caller, and a
refused connection fails it. A subscriber outside loopback is never contacted: the data of a production
environment names real pagers.
"""

from __future__ import annotations

from functools import lru_cache

from localcloud.aws.deliveries import Deliveries, Delivery
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_HTTP = frozenset({"http", "https"})


def _patch(models: MotoObject, world: World) -> None:
    deliveries = Deliveries(world.clock)
    subscription = models.Subscription
    publish = subscription.publish

    def publish_apart(self: MotoObject, message: str, message_id: str, **named: MotoObject) -> None:
        if self.protocol not in _HTTP:
            publish(self, message, message_id, **named)
            return
        attributes = named.get("message_attributes")
        matcher = self._filter_policy_matcher
        if matcher is not None and not matcher.matches(attributes, message):
            return
        if named.get("message_structure") == "json":
            message = self._parse_message_structure(message, self.protocol)
        body = self.get_post_data(message, message_id, named.get("subject"), attributes)
        headers = {"x-amz-sns-message-type": "Notification", "x-amz-sns-topic-arn": self.topic.arn}
        deliveries.send(Delivery(url=self.endpoint, body=body, headers=headers))

    @lru_cache(maxsize=1)
    def shared_key() -> MotoObject:
        # A key per subscription costs 0.1 s each, and nobody can check the certificate anyway.
        return models.rsa.generate_private_key(public_exponent=65537, key_size=2048)

    subscription.publish = publish_apart
    subscription.private_key = lambda _self: shared_key()


REPAIR = Repair(
    name="sns_delivery",
    service="sns",
    what=(
        "an HTTP subscriber could hang or fail Publish; only loopback endpoints are contacted, in the "
        "background"
    ),
    operations=("Publish",),
    patches=(("moto.sns.models", _patch),),
)
