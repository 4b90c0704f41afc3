"""The AWS SDK as this program uses it: one provider, and the types it needs without the rest of each service.

A service of pulumi_aws imports every type it has when it is first touched: half a second for the services
below, of which the program uses forty types out of a thousand. `Service` stands in for a service's package
and imports a type's own module when the type is named; the classes are the SDK's. What is left is loaded
beside the start of the plugin, which begins when the provider is registered.
"""

from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType

import pulumi_aws as aws

from infra.desired.model import DesiredEnvironment

TYPES = {
    "budgets": ("Budget",),
    "cloudtrail": ("Trail",),
    "cloudwatch": ("CompositeAlarm", "LogGroup", "MetricAlarm"),
    "ec2": (
        "InternetGateway",
        "Route",
        "RouteTable",
        "RouteTableAssociation",
        "SecurityGroup",
        "Subnet",
        "Vpc",
    ),
    "iam": ("Policy", "Role", "RolePolicy", "RolePolicyAttachment"),
    "kms": ("Alias", "Key", "ReplicaKey"),
    "rds": (
        "EventSubscription",
        "Instance",
        "InstanceAutomatedBackupsReplication",
        "ParameterGroup",
        "SubnetGroup",
    ),
    "s3": (
        "Bucket",
        "BucketLifecycleConfiguration",
        "BucketObjectLockConfiguration",
        "BucketObjectv2",
        "BucketOwnershipControls",
        "BucketPolicy",
        "BucketPublicAccessBlock",
        "BucketReplicationConfig",
        "BucketServerSideEncryptionConfiguration",
        "BucketVersioning",
    ),
    "secretsmanager": ("Secret", "SecretPolicy"),
    "sns": ("Topic", "TopicPolicy", "TopicSubscription"),
    "vpc": ("SecurityGroupIngressRule",),
}
"""What to load beside the start of the plugin; a type that is not listed is loaded when it is first named."""


class Service(ModuleType):
    """The package of one service, without the imports its own `__init__` would make."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{aws.__name__}.{name}")
        self.__package__ = self.__name__
        self.__path__ = [f"{path}/{name}" for path in aws.__path__]

    def __getattr__(self, name: str) -> object:
        """Import a type; submodules are the import system's business."""
        missing = f"module {self.__name__!r} has no attribute {name!r}"
        if not name[:1].isupper():
            raise AttributeError(missing)
        try:
            module = importlib.import_module(f"{self.__name__}.{_module_of(name)}")
        except ModuleNotFoundError as error:
            raise AttributeError(missing) from error
        value: object = getattr(module, name)
        setattr(self, name, value)
        return value


def _module_of(type_: str) -> str:
    """Return the module of a type: `RouteTable` is in `route_table`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type_).lower()


def _stand_in_for_services() -> None:
    for name in TYPES:
        service = Service(name)
        sys.modules[service.__name__] = service
        setattr(aws, name, service)


_stand_in_for_services()


def declare_provider(desired: DesiredEnvironment) -> aws.Provider:
    """Declare the one provider: home region and tags; whose credentials is the shell's business."""
    return aws.Provider("aws", region=desired.topology.home_region, default_tags={"tags": dict(desired.tags)})


def load_types() -> None:
    """Load the types of the program; touches nothing of Pulumi's, so it may run in a thread of its own."""
    for service, types in TYPES.items():
        for type_ in types:
            getattr(getattr(aws, service), type_)
