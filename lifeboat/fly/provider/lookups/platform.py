"""`getRegions` and `getPlacements`: where Fly is, and where it would place machines now."""

from __future__ import annotations

from lifeboat.fly.client import FlyClient
from lifeboat.fly.client.models.platform import Region
from lifeboat.fly.client.platform import PlacementWish
from lifeboat.fly.provider.lookups.lookup import Lookup
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration, ObjectType, Property
from lifeboat.fly.provider.schema.expression import BOOLEAN, INTEGER, STRING, list_of, object_of
from lifeboat.fly.provider.schema.identity import token_of
from lifeboat.fly.provider.schema.machine_config import GUEST_TYPES, MACHINE_GUEST
from lifeboat.providerkit.values import Properties

_REGION = ObjectType(
    token=token_of("Region"),
    description="A region of Fly; none says how much room it has.",
    properties={
        "code": Property(type=STRING, description="Such as `sjc`.", required=True),
        "name": Property(type=STRING, description="Name of the place.", required=True),
        "geoRegion": Property(type=STRING, description="Part of the world.", required=True),
        "deprecated": Property(type=BOOLEAN, description="Whether it takes no new machines.", required=True),
        "gatewayAvailable": Property(
            type=BOOLEAN, description="Whether it has a WireGuard gateway.", required=True
        ),
        "requiresPaidPlan": Property(
            type=BOOLEAN, description="Whether it needs a paid plan.", required=True
        ),
    },
)

_PLACEMENT = ObjectType(
    token=token_of("Placement"),
    description="What a region would take.",
    properties={
        "region": Property(type=STRING, description="Code of the region.", required=True),
        "count": Property(type=INTEGER, description="How many machines.", required=True),
        "concurrency": Property(type=INTEGER, description="How many at a time.", required=True),
    },
)


def _regions(client: FlyClient, _arguments: Properties) -> Properties:
    found = client.platform.regions()
    return {
        "regions": [_region(one) for one in found.all],
        "codes": sorted(found.codes),
        "nearest": found.nearest,
        "isLive": found.is_live,
    }


def _region(region: Region) -> Properties:
    return {
        "code": region.code,
        "name": region.name,
        "geoRegion": region.geo_region,
        "deprecated": region.deprecated,
        "gatewayAvailable": region.gateway_available,
        "requiresPaidPlan": region.requires_paid_plan,
    }


def _placements(client: FlyClient, arguments: Properties) -> Properties:
    wish = PlacementWish(
        organization=arguments["org"],
        regions=arguments["regions"],
        count=arguments["count"],
        compute=arguments.get("compute"),
        volume_name=arguments.get("volumeName"),
    )
    found = client.platform.placements(wish)
    return {
        "placements": [
            {"region": one.region, "count": one.count, "concurrency": one.concurrency} for one in found
        ]
    }


GET_REGIONS = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getRegions"),
        description="The regions of Fly; a table built in when Fly does not answer.",
        inputs={},
        outputs={
            "regions": Property(
                type=list_of(object_of(_REGION.token)), description="Every region.", required=True
            ),
            "codes": Property(
                type=list_of(STRING), description="Codes that take new machines.", required=True
            ),
            "nearest": Property(
                type=STRING, description="The nearest to the caller; empty when unknown.", required=True
            ),
            "isLive": Property(
                type=BOOLEAN, description="Whether Fly said so; false for the table.", required=True
            ),
        },
        types=(_REGION,),
    ),
    answer=_regions,
)

GET_PLACEMENTS = Lookup(
    declaration=FunctionDeclaration(
        token=token_of("getPlacements"),
        description="Where Fly would place machines now; a simulation, and no promise.",
        inputs={
            "org": Property(type=STRING, description="Slug of the organisation.", required=True),
            "regions": Property(
                type=STRING,
                description="Codes and aliases in the order of preference, such as `sjc,lax,us`.",
                required=True,
            ),
            "count": Property(
                type=INTEGER,
                description="How many machines; 0 asks for the organisation's limit in each region.",
                default=0,
            ),
            "compute": Property(type=MACHINE_GUEST, description="CPUs and memory of each."),
            "volumeName": Property(
                type=STRING, description="Name of the volumes they mount, which are spread over hosts."
            ),
        },
        outputs={
            "placements": Property(
                type=list_of(object_of(_PLACEMENT.token)), description="By region.", required=True
            )
        },
        types=(_PLACEMENT, *GUEST_TYPES),
    ),
    answer=_placements,
)
