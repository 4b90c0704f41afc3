"""Regions, and where machines would be placed.

Placements walk the region expression in its order of preference, as far as there is room; with
`weights.spread` above `weights.region` they go round instead. What `concurrency` means on Fly is not
documented; here it is how many of them may be created at once, the same number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from localcloud.fly.api.organization_access import the_organization
from localcloud.fly.api.room import room_in
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.regions import REGIONS, Region, expand
from localcloud.fly.wire_error import WireError

NEAREST = "iad"
"""The region this API answers from; Fly's own control plane is centred there."""

_DEFAULT_GUEST = {"cpu_kind": "performance", "cpus": 1, "memory_mb": 2048}
_DEFAULT_WEIGHTS = {"region": 50, "spread": 1}
_GIB = 1024**3


def _regions(call: Call) -> Answer:
    del call
    return Answer(body={"regions": [_row(region) for region in REGIONS.values()], "nearest": NEAREST})


def _row(region: Region) -> dict[str, object]:
    return {
        "code": region.code,
        "name": region.name,
        "latitude": region.latitude,
        "longitude": region.longitude,
        "gateway_available": region.gateway,
        "requires_paid_plan": region.paid,
        "deprecated": region.retired,
        "geo_region": region.geo.split()[0],
        "mpg_available": region.managed_postgres,
    }


def _placements(call: Call) -> Answer:
    fields = call.fields()
    the_organization(call, fields["org_slug"])
    wanted = expand_or_refuse(fields.get("region") or f"{NEAREST},any")
    volume_gb = -(-max(fields.get("volume_size_bytes") or 0, 0) // _GIB)
    room = room_in(call.world, wanted, _guest(fields.get("compute")), volume_gb)
    count = fields.get("count") or 0
    if count < 0:
        raise WireError(400, "invalid_argument: count must not be negative")
    weights = {**_DEFAULT_WEIGHTS, **(fields.get("weights") or {})}
    placed = _place(room, count, spread=weights["spread"] > weights["region"]) if count else room
    rows = [{"region": code, "count": placed[code], "concurrency": placed[code]} for code in wanted]
    return Answer(body={"regions": [row for row in rows if row["count"]]})


def expand_or_refuse(expression: str) -> list[str]:
    """Return the regions of an expression such as `lhr,eu`.

    Raises:
        WireError: 400, naming the part that is no living region and no alias.
    """
    try:
        return expand(expression)
    except KeyError as error:
        raise WireError(400, f"invalid_argument: unknown region {error.args[0]!r}") from error


def _guest(compute: Mapping[str, object] | None) -> dict[str, object]:
    given = {key: value for key, value in (compute or {}).items() if value}
    return {**_DEFAULT_GUEST, **given}


def _place(room: Mapping[str, int], count: int, *, spread: bool) -> dict[str, int]:
    placed = dict.fromkeys(room, 0)
    left = min(count, sum(room.values()))
    for code in () if spread else room:
        placed[code] = min(room[code], left)
        left -= placed[code]
    while left:
        for code in _with_room(room, placed)[:left]:
            placed[code] += 1
            left -= 1
    return placed


def _with_room(room: Mapping[str, int], placed: Mapping[str, int]) -> list[str]:
    codes: Iterable[str] = room
    return [code for code in codes if placed[code] < room[code]]


ROUTES = (
    Route(method="GET", path="/v1/platform/regions", operation_id="Platform_regions_get", handler=_regions),
    Route(
        method="POST",
        path="/v1/platform/placements",
        operation_id="Platform_placements_post",
        handler=_placements,
    ),
)
