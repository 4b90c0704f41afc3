"""What AWS would have named things: ids, ARNs and addresses made of the inputs, the same in every run."""

from __future__ import annotations

import hashlib
from typing import Any

ACCOUNT = "123456789012"
ZONES = {"us-west-1": "ac"}


def outputs_of(type_: str, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the id and the outputs of a resource: its inputs, and what AWS adds."""
    region = inputs.get("region", "")
    service = type_.split(":")[1].split("/", maxsplit=1)[0] if type_.startswith("aws:") else "none"
    token = hashlib.sha256(f"{type_} {name}".encode()).hexdigest()[:16]
    outputs = {"arn": f"arn:aws:{service}:{region}:{ACCOUNT}:{name}", **inputs}
    id_ = f"{name}-{token}"
    if type_ == "aws:kms/key:Key":
        id_ = f"mrk-{token}"
        outputs |= {"keyId": id_, "arn": f"arn:aws:kms:{region}:{ACCOUNT}:key/{id_}"}
    elif type_ == "aws:kms/replicaKey:ReplicaKey":
        id_ = inputs["primaryKeyArn"].split("/")[-1] if isinstance(inputs["primaryKeyArn"], str) else ""
        outputs |= {"keyId": id_, "arn": f"arn:aws:kms:{region}:{ACCOUNT}:key/{id_}"}
    elif type_ == "aws:rds/instance:Instance":
        address = f"{name}.{token}.{region}.rds.amazonaws.com"
        outputs |= {"address": address, "endpoint": f"{address}:{inputs.get('port', 5432)}"}
        outputs["resourceId"] = f"db-{token}"
    elif type_ == "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication":
        id_ = f"arn:aws:rds:{region}:{ACCOUNT}:auto-backup:ab-{token}"
    elif type_ == "aws:secretsmanager/secret:Secret":
        outputs["arn"] = f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{inputs['name']}-{token[:6]}"
    return id_, outputs


def answer(token: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to an invoke.

    Raises:
        LookupError: the program asked something it is not known to ask.
    """
    if token == "aws:index/getCallerIdentity:getCallerIdentity":
        return {"accountId": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "id": ACCOUNT, "userId": "AID"}
    if token == "aws:index/getPartition:getPartition":
        return {
            "partition": "aws",
            "dnsSuffix": "amazonaws.com",
            "id": "aws",
            "reverseDnsPrefix": "com.amazonaws",
        }
    if token == "aws:index/getAvailabilityZones:getAvailabilityZones":
        region = arguments["region"]
        # Out of order and with a Local Zone among them, as the real answer may be.
        names = [f"{region}-lax-1a", *(f"{region}{letter}" for letter in reversed(ZONES.get(region, "abc")))]
        return {"names": names, "groupNames": [], "id": region, "region": region, "zoneIds": []}
    msg = f"the program asked {token}"
    raise LookupError(msg)
