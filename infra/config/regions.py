"""Which AWS regions exist, in which partition, and which pairs RDS can replicate between.

Source: botocore's endpoint data of boto3 1.44 (partitions, regions with RDS) and the RDS user guide,
"Replicating automated backups to another AWS Region" (a destination region of your choice within the
partition). Must never be asked for availability of a service at this moment: it is a table, not a probe.
"""

from __future__ import annotations

_REGIONS_OF_PARTITION = {
    "aws": (
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 "
        "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 "
        "ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 "
        "eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 "
        "us-east-2 us-west-1 us-west-2"
    ),
    "aws-cn": "cn-north-1 cn-northwest-1",
    "aws-us-gov": "us-gov-east-1 us-gov-west-1",
    "aws-eusc": "eusc-de-east-1",
    "aws-iso": "us-iso-east-1 us-iso-west-1",
    "aws-iso-b": "us-isob-east-1 us-isob-west-1",
}

PARTITION_OF = {
    region: partition for partition, regions in _REGIONS_OF_PARTITION.items() for region in regions.split()
}
"""Partition by region."""

_CROSS_REGION_PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov"})


def can_replicate(one: str, other: str) -> bool:
    """Tell whether RDS is known to keep replicas and automated backups of `one` in `other`, and back.

    Both must be known, differ, and lie in one partition in which the feature is documented.
    """
    partition = PARTITION_OF.get(one)
    return (
        one != other
        and partition is not None
        and partition == PARTITION_OF.get(other)
        and partition in _CROSS_REGION_PARTITIONS
    )
