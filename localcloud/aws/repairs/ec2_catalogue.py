"""Networks without machines: the catalogue of instance types and images is not loaded, and not pretended.

moto parses every region's offerings when EC2 is first touched: 120 MB and a second, for operations that an
environment of databases and buckets never uses. Those operations are refused instead of answering nothing.
"""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_TYPES = "ec2/resources/instance_types.json"
_LISTS = (
    "ec2/resources/instance_type_offerings/",
    "ec2/resources/amis.json",
    "ec2/resources/latest_amis/",
    "ec2/resources/ecs/",
)
_REFUSED = (
    "run_instances",
    "describe_images",
    "describe_instance_types",
    "describe_instance_type_offerings",
)


def _patch_resources(utilities: MotoObject, _world: World) -> None:
    original = utilities.load_resource

    def load(path: str) -> MotoObject:
        if path.startswith(_LISTS):
            return []
        return {} if path == _TYPES else original(path)

    utilities.load_resource = load


def _patch_responses(responses: MotoObject, _world: World) -> None:
    def refuse(_self: MotoObject) -> MotoObject:
        raise NotImplementedError("the local cloud has networks but no EC2 instances")

    for name in _REFUSED:
        setattr(responses.EC2Response, name, refuse)


REPAIR = Repair(
    name="ec2_catalogue",
    service="ec2",
    what="the catalogue of machines (120 MB) is not loaded; operations that need it are refused",
    operations=(),
    refused=("RunInstances", "DescribeImages", "DescribeInstanceTypes", "DescribeInstanceTypeOfferings"),
    patches=(("moto.utilities.utils", _patch_resources), ("moto.ec2.responses", _patch_responses)),
)
