"""Admits the apps' static egress addresses to the databases of both regions, before anybody needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredEgressRule
from infra.resources.network import Network
from infra.resources.scope import Scope
from lifeboat.fly.resources import EgressIp


class EgressAccess(pulumi.ComponentResource):
    """The ingress rules that follow from egress addresses.

    They are apart from the networks because the addresses come later: apps need the databases' addresses.
    """

    def __init__(
        self,
        desired: Sequence[DesiredEgressRule],
        egress: Mapping[str, EgressIp],
        networks: Mapping[str, Network],
        scope: Scope,
    ) -> None:
        super().__init__("lifeboat:infra:EgressAccess", "egress-access", {}, scope.component())
        for rule in desired:
            aws.vpc.SecurityGroupIngressRule(
                rule.name,
                region=rule.region,
                security_group_id=networks[rule.network].security_group_id,
                description=rule.description,
                ip_protocol="tcp",
                from_port=rule.port,
                to_port=rule.port,
                cidr_ipv4=egress[rule.egress].ipv4.apply(lambda ip: f"{ip}/32"),
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({})
