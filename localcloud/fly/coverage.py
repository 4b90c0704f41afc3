"""What of Fly's API is emulated: read from the route table and the deviations, never written down twice."""

from __future__ import annotations

from localcloud.fly.api.dispatch import RouteTable
from localcloud.fly.openapi.description import operations
from localcloud.fly.openapi.deviations import DEVIATIONS

_WHY = {
    "Postgres_": "Managed Postgres: its admin plane is not emulated; databases are the AWS half's",
    "Machines_get_memory": "memory ballooning belongs to the hypervisor; machines are processes here",
    "Machines_set_memory_limit": "as Machines_get_memory",
    "Machines_reclaim_memory": "as Machines_get_memory",
    "Tokens_": "needs real macaroons; the local cloud's tokens are plain texts",
}


def coverage_report(table: RouteTable) -> dict[str, object]:
    """Return, as JSON values, every operation of Fly's description and every deviation from it."""
    built = {name for name, is_built in table.operations() if is_built}
    described = operations()
    missing = sorted(set(described) - built)
    return {
        "description": {"operations": len(described)},
        "implemented": [_row(name) for name in sorted(built & set(described))],
        "not_implemented": [{**_row(name), "reason": _reason(name)} for name in missing],
        "ours": sorted(built - set(described)),
        "deviations": [
            {"operations": list(each.operations), "what": each.what, "source": each.source}
            for each in DEVIATIONS
        ],
    }


def _row(name: str) -> dict[str, str]:
    method, path, operation = operations()[name]
    return {
        "operation": name,
        "method": method,
        "path": path,
        "summary": str(operation.get("summary", "")),
    }


def _reason(name: str) -> str:
    return next((why for start, why in _WHY.items() if name.startswith(start)), "not built yet")
