"""The ground of a region's database: its subnet group and its parameter group.

Both exist in both regions, database or not: a restore needs them by name before there is an instance.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from infra.desired.model import DesiredParameterGroup, DesiredSubnetGroup
from infra.resources.network import Network
from infra.resources.scope import Scope


class DatabaseGroups(pulumi.ComponentResource):
    """A region's subnet group and parameter group.

    Attributes:
        subnet_group: name of the subnet group.
        parameter_group: name of the parameter group.
        security_group_id: id of the network's security group, for the database that stands here.
    """

    subnet_group: pulumi.Output[str]
    parameter_group: pulumi.Output[str]
    security_group_id: pulumi.Output[str]

    def __init__(
        self, subnets: DesiredSubnetGroup, parameters: DesiredParameterGroup, network: Network, scope: Scope
    ) -> None:
        super().__init__(
            "lifeboat:infra:DatabaseGroups", f"database-groups-{subnets.region}", {}, scope.component()
        )
        child = pulumi.ResourceOptions(parent=self)
        subnet_group = aws.rds.SubnetGroup(
            subnets.name,
            region=subnets.region,
            name=subnets.physical_name,
            description=subnets.description,
            subnet_ids=network.subnet_ids,
            # RDS refuses a publicly reachable instance while the network has no way out yet.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[network]),
        )
        parameter_group = aws.rds.ParameterGroup(
            parameters.name,
            region=parameters.region,
            name=parameters.physical_name,
            family=parameters.family,
            description=parameters.description,
            parameters=[
                {"name": one.name, "value": one.value, "apply_method": one.apply_method.value}
                for one in parameters.parameters
            ],
            opts=child,
        )
        self.subnet_group = subnet_group.name
        self.parameter_group = parameter_group.name
        self.security_group_id = network.security_group_id
        self.register_outputs({"subnetGroup": self.subnet_group, "parameterGroup": self.parameter_group})
