"""The AWS SDK as this program uses it: one provider, and the services it needs.

The SDK loads a service when it is first touched. That is half a second of work for those below, and meanwhile
the engine can start the provider's plugin, which it does when the provider is registered: so the provider
comes first and the services are loaded beside it.
"""

from __future__ import annotations

import pulumi_aws as aws

from infra.desired.model import DesiredEnvironment


def declare_provider(desired: DesiredEnvironment) -> aws.Provider:
    """Declare the one provider: home region and tags; whose credentials is the shell's business."""
    return aws.Provider("aws", region=desired.topology.home_region, default_tags={"tags": dict(desired.tags)})


def load_services() -> None:
    """Load the parts of the SDK that are used; takes no lock and touches nothing of Pulumi."""
    for service in (
        aws.budgets,
        aws.cloudtrail,
        aws.cloudwatch,
        aws.ec2,
        aws.iam,
        aws.kms,
        aws.rds,
        aws.s3,
        aws.secretsmanager,
        aws.sns,
        aws.vpc,
    ):
        dir(service)
