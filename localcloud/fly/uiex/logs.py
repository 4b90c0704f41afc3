"""GET /api/v1/apps/{app}/logs: what the app's machines wrote, the newest page first asked, then what follows.

`next_token` is the moment up to which everything was shown; asking with it again gives only newer lines, and
the same token when there are none. Source: docs `monitoring/logs-api-options`, fly-go `resource_logs.go`.
"""

from __future__ import annotations

import heapq
from typing import Any

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.machines.machine_log import LogLine, read_log
from localcloud.fly.model import Machine

_PAGE = 100


def _logs(call: Call) -> Answer:
    app, token = the_app(call), call.one("next_token")
    machines = [one for one in app.machines.values() if _is_wanted(call, one)]
    lines = list(_in_order(call, machines))
    page = [line for line in lines if line.timestamp > token][:_PAGE] if token else lines[-_PAGE:]
    page = _with_its_moment(page, lines)
    last = page[-1].timestamp if page else token
    return Answer(body={"data": [_entry(line) for line in page], "meta": {"next_token": last}})


def _in_order(call: Call, machines: list[Machine]) -> list[LogLine]:
    logs = [read_log(call.world.directory, machine.id) for machine in machines]
    return list(heapq.merge(*logs, key=lambda line: line.timestamp))


def _with_its_moment(page: list[LogLine], lines: list[LogLine]) -> list[LogLine]:
    """Add what was written in the very moment the page ends with: the token would skip it."""
    if not page:
        return page
    last = page[-1].timestamp
    return [
        *(line for line in page if line.timestamp < last),
        *(line for line in lines if line.timestamp == last),
    ]


def _is_wanted(call: Call, machine: Machine) -> bool:
    region, instance = call.one("region"), call.one("instance")
    return region in {"", machine.region} and instance in {"", machine.id}


def _entry(line: LogLine) -> dict[str, Any]:
    return {
        "id": f"{line.instance}-{line.timestamp}",
        "type": "log",
        "attributes": {
            "timestamp": line.timestamp,
            "message": line.message,
            "level": line.level,
            "instance": line.instance,
            "region": line.region,
            "meta": {"instance": line.instance, "region": line.region, "event": {"provider": "app"}},
        },
    }


ROUTES = (Route(method="GET", path="/api/v1/apps/{app_name}/logs", operation_id="uiex_logs", handler=_logs),)
