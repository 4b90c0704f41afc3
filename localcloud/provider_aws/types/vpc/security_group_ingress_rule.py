"""What may come in through a security group."""

from __future__ import annotations

from localcloud.provider_aws.types.vpc.security_group_rule import rule_type

TYPE = rule_type("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "ingress")
