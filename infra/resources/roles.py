"""IAM: the roles that people, pipelines and AWS services assume, and the boundaries around them."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredManagedPolicy, DesiredRole
from infra.desired.reference import Joined, PolicyRef, RoleRef, Text
from infra.resources.scope import Scope


class Roles(pulumi.ComponentResource):
    """All roles and managed policies of the environment.

    Attributes:
        arns: role ARNs by logical name.
    """

    arns: dict[str, pulumi.Output[str]]

    def __init__(
        self, roles: Sequence[DesiredRole], policies: Sequence[DesiredManagedPolicy], scope: Scope
    ) -> None:
        super().__init__("lifeboat:infra:Roles", "roles", {}, scope.component())
        self._scope = scope
        self._child = pulumi.ResourceOptions(parent=self)
        for policy in policies:
            self._managed_policy(policy)
        self.arns = {role.name: self._role(role) for role in roles}
        self.register_outputs({"arns": self.arns})

    def _managed_policy(self, desired: DesiredManagedPolicy) -> None:
        policy = aws.iam.Policy(
            desired.name,
            name=desired.physical_name,
            description=desired.description,
            policy=self._scope.resolver.policy(desired.document),
            opts=self._child,
        )
        self._scope.resolver.learn(PolicyRef(desired.name), policy.arn)

    def _role(self, desired: DesiredRole) -> pulumi.Output[str]:
        boundary = desired.boundary
        role = aws.iam.Role(
            desired.name,
            name=desired.physical_name,
            description=desired.description,
            assume_role_policy=self._scope.resolver.policy(desired.trust),
            permissions_boundary=None if boundary is None else self._scope.resolver.text(boundary),
            max_session_duration=desired.max_session_s,
            opts=self._child,
        )
        permissions = self._permissions(desired, role.name)
        # Whoever uses a role must find it able to act: RDS tries out the one for monitoring at once.
        ready = pulumi.Output.all(role.arn, *permissions).apply(lambda values: str(values[0]))
        self._scope.resolver.learn(RoleRef(desired.name), ready)
        arn: pulumi.Output[str] = role.arn
        return arn

    def _permissions(self, desired: DesiredRole, role_name: pulumi.Output[str]) -> list[pulumi.Output[str]]:
        ids: list[pulumi.Output[str]] = []
        if desired.policy is not None:
            inline = aws.iam.RolePolicy(
                f"{desired.name}-policy",
                name=desired.name,
                role=role_name,
                policy=self._scope.resolver.policy(desired.policy),
                opts=self._child,
            )
            ids.append(inline.id)
        for managed in desired.managed_policies:
            attachment = aws.iam.RolePolicyAttachment(
                f"{desired.name}-{last_part(managed)}",
                role=role_name,
                policy_arn=self._scope.resolver.text(managed),
                opts=self._child,
            )
            ids.append(attachment.id)
        return ids


def last_part(arn: Text) -> str:
    """Return what follows the last slash of a policy's ARN, or the logical name of one of our own.

    Raises:
        ValueError: the text ends in something that only the cloud knows.
    """
    if isinstance(arn, PolicyRef):
        return arn.name
    end = arn.parts[-1] if isinstance(arn, Joined) else arn
    if not isinstance(end, str):
        msg = f"{arn} does not end in the name of a policy"
        raise ValueError(msg)
    return end.rpartition("/")[2]
