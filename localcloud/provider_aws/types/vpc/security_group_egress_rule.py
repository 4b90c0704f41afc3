"""What may go out through a security group."""

from __future__ import annotations

from localcloud.provider_aws.types.vpc.security_group_rule import rule_type

TYPE = rule_type("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "egress")
