"""The provider's functions: the few invokes a program may use, by token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.requests import InvokeRequest
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.endpoint import endpoint
from localcloud.provider_aws.remote import remote_errors
from localcloud.provider_aws.sessions import PARTITION, Sessions
from localcloud.provider_aws.settings import Settings

_DNS_SUFFIX = "amazonaws.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    arguments: Properties
    region: str
    sessions: Sessions

    def client(self, service: str) -> Value:
        return self.sessions.client(service, self.region, endpoint())


def call(request: InvokeRequest, settings: Settings, sessions: Sessions) -> Properties:
    """Call a function by its token.

    Raises:
        ConfigError: there is no such function.
        StepFailed: the local cloud refused.
    """
    function = _FUNCTIONS.get(request.token)
    if function is None:
        raise ConfigError(
            f"the stand-in aws plugin has no function {request.token}", hint=f"it has {', '.join(_FUNCTIONS)}"
        )
    region = str(request.arguments.get("region") or settings.region)
    with remote_errors(request.token):
        return function(_Call(arguments=request.arguments, region=region, sessions=sessions))


def _caller_identity(asked: _Call) -> Properties:
    answer = asked.client("sts").get_caller_identity()
    return {
        "id": answer["Account"],
        "accountId": answer["Account"],
        "arn": answer["Arn"],
        "userId": answer["UserId"],
    }


def _region(asked: _Call) -> Properties:
    return {
        "id": asked.region,
        "region": asked.region,
        "name": asked.region,
        "endpoint": f"ec2.{asked.region}.{_DNS_SUFFIX}",
        "description": asked.region,
    }


def _partition(_asked: _Call) -> Properties:
    return {
        "id": PARTITION,
        "partition": PARTITION,
        "dnsSuffix": _DNS_SUFFIX,
        "reverseDnsPrefix": ".".join(reversed(_DNS_SUFFIX.split("."))),
    }


def _availability_zones(asked: _Call) -> Properties:
    filters = [
        {"Name": entry["name"], "Values": entry["values"]} for entry in asked.arguments.get("filters") or ()
    ]
    if asked.arguments.get("state"):
        filters.append({"Name": "state", "Values": [asked.arguments["state"]]})
    answer = asked.client("ec2").describe_availability_zones(Filters=filters)
    excluded = {*(asked.arguments.get("excludeNames") or ()), *(asked.arguments.get("excludeZoneIds") or ())}
    zones = [
        zone
        for zone in answer["AvailabilityZones"]
        if excluded.isdisjoint((zone["ZoneName"], zone["ZoneId"]))
    ]
    zones.sort(key=lambda zone: zone["ZoneName"])
    return {
        **asked.arguments,
        "id": asked.region,
        "region": asked.region,
        "names": [zone["ZoneName"] for zone in zones],
        "zoneIds": [zone["ZoneId"] for zone in zones],
        "groupNames": sorted({zone.get("GroupName", asked.region) for zone in zones}),
    }


_FUNCTIONS: dict[str, Callable[[_Call], Properties]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller_identity,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _availability_zones,
}
