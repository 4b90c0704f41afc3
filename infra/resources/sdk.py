"""The AWS SDK as this program uses it: one provider, and the services it needs.

The SDK loads a service when it is first touched. That is half a second of work for those below, and meanwhile
the engine can start the provider's plugin, which it does when the provider is registered: so the provider
comes first and the services are loaded beside it.
"""

from __future__ import annotations

import pulumi_aws as aws

from infra.desired.model import DesiredEnvironment

SERVICES = {
    "budgets": "Budget",
    "cloudtrail": "Trail",
    "cloudwatch": "MetricAlarm",
    "ec2": "Vpc",
    "iam": "Role",
    "kms": "Key",
    "rds": "Instance",
    "s3": "Bucket",
    "secretsmanager": "Secret",
    "sns": "Topic",
    "vpc": "SecurityGroupIngressRule",
}
"""A type of each service: touching one loads them all."""


def declare_provider(desired: DesiredEnvironment) -> aws.Provider:
    """Declare the one provider: home region and tags; whose credentials is the shell's business."""
    return aws.Provider("aws", region=desired.topology.home_region, default_tags={"tags": dict(desired.tags)})


def load_services() -> None:
    """Load the services of the program; touches nothing of Pulumi's, so it may run in a thread of its own."""
    for service, type_ in SERVICES.items():
        getattr(getattr(aws, service), type_)
