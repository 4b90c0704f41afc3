"""Where a route leads, in the words of the SDK and of EC2; for routes and for tables' own routes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lifeboat.core.errors import StepFailed
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.paths import Path
from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.types.ec2.cidr import network_problem

LOCAL = "local"
"""The target of routes that every table has for its VPC's own networks; nobody can make or remove one."""

_TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "gatewayId": "GatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "transitGatewayId": "TransitGatewayId",
    "vpcEndpointId": "VpcEndpointId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
_UNSUPPORTED_TARGETS = ("coreNetworkArn", "localGatewayId", "odbNetworkArn")
_ENDPOINT = "vpce-"


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTerms:
    """The names under which a type of the SDK keeps a route's destination.

    Args:
        ipv4, ipv6, prefix_list: names of the three kinds of destination.
    """

    ipv4: str
    ipv6: str
    prefix_list: str

    def destination(self, route: Mapping[str, Value]) -> str:
        """Return where the route leads, as text."""
        return next(str(route[name]) for name in self._destinations() if route.get(name))

    def destination_argument(self, route: Mapping[str, Value]) -> dict[str, str]:
        """Return the destination as EC2's calls want it."""
        return {api: str(route[name]) for name, api in self._destinations().items() if route.get(name)}

    def target_argument(self, route: Mapping[str, Value]) -> dict[str, str]:
        """Return the target as EC2's calls want it.

        Raises:
            StepFailed: it is `local`, and no call makes such a route.
        """
        if route.get("gatewayId") == LOCAL:
            raise StepFailed(
                f"the route to {self.destination(route)}: a local route exists with its table",
                hint="import it instead of making it",
            )
        return {api: str(route[name]) for name, api in _TARGETS.items() if route.get(name)}

    def from_service(self, route: Mapping[str, Value]) -> Properties:
        """Return destination and target of a route that EC2 describes."""
        found = {name: str(route[api]) for name, api in self._destinations().items() if route.get(api)}
        found |= {name: str(route[api]) for name, api in _TARGETS.items() if route.get(api)}
        # EC2 tells an endpoint as a gateway.
        if found.get("gatewayId", "").startswith(_ENDPOINT):
            found["vpcEndpointId"] = found.pop("gatewayId")
        return found

    def problems(self, path: Path, route: Properties) -> Iterator[PropertyFailure]:
        """Find what is wrong with a route of a program: exactly one destination and one target."""
        yield from _exactly_one(path, tuple(self._destinations()), route)
        yield from _exactly_one(path, (*_TARGETS, *_UNSUPPORTED_TARGETS), route)
        for name in _UNSUPPORTED_TARGETS:
            if route.get(name):
                yield PropertyFailure.at((*path, name), "not supported by the local cloud")
        for name, version in ((self.ipv4, 4), (self.ipv6, 6)):
            reason = network_problem(route.get(name), version)
            if reason:
                yield PropertyFailure.at((*path, name), reason)

    def _destinations(self) -> dict[str, str]:
        return {
            self.ipv4: "DestinationCidrBlock",
            self.ipv6: "DestinationIpv6CidrBlock",
            self.prefix_list: "DestinationPrefixListId",
        }


def _exactly_one(path: Path, names: Iterable[str], route: Properties) -> Iterator[PropertyFailure]:
    names = tuple(names)
    given = [name for name in names if route.get(name)]
    if not given:
        yield PropertyFailure.at((*path, names[0]), f"missing: give one of {', '.join(names)}")
    for name in given[1:]:
        yield PropertyFailure.at((*path, name), f"cannot stand beside {given[0]}")
