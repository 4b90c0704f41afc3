"""AWS's own policies exist one by one, when they are named.

moto either knows none of them, so a role cannot get one, or parses all 1,300 into every partition (40 MB).
"""

from __future__ import annotations

import json

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_OF_AWS = "arn:aws:iam::aws:policy/"
_FIRST_ARGUMENT = (
    "attach_role_policy",
    "attach_user_policy",
    "attach_group_policy",
    "get_policy",
    "get_policy_version",
    "list_policy_versions",
)


def _patch(models: MotoObject, _world: World) -> None:
    for name in _FIRST_ARGUMENT:
        _know_first(models, name)


def _know_first(models: MotoObject, name: str) -> None:
    original = getattr(models.IAMBackend, name)

    def with_policy(self: MotoObject, policy_arn: str, *rest: MotoObject, **named: MotoObject) -> MotoObject:
        if policy_arn.startswith(_OF_AWS) and policy_arn not in self.managed_policies:
            _make_known(models, self, policy_arn)
        return original(self, policy_arn, *rest, **named)

    setattr(models.IAMBackend, name, with_policy)


def _make_known(models: MotoObject, backend: MotoObject, arn: str) -> None:
    name = arn.rpartition("/")[2]
    data = _catalogue().get(name)
    if data is None:
        return
    policy = models.AWSManagedPolicy.from_data(name, backend.account_id, backend.region_name, data)
    if policy.arn == arn:
        backend.managed_policies[arn] = policy
        backend.aws_managed_policies.append(policy)


def _catalogue() -> dict[str, dict[str, object]]:
    # Not kept: parsed it takes 20 MB, and an environment names two or three of them.
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: dict[str, dict[str, object]] = json.loads(aws_managed_policies_data)
    return found


REPAIR = Repair(
    name="iam_managed_policies",
    service="iam",
    what="AWS managed policies could not be attached unless the whole catalogue was loaded seven times",
    operations=("AttachRolePolicy", "GetPolicy", "GetPolicyVersion"),
    patches=(("moto.iam.models", _patch),),
)
