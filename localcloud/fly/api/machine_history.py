"""What a machine went through: its events and its versions, newest first."""

from __future__ import annotations

from localcloud.fly.api.cursor import limit_of
from localcloud.fly.api.lookup import the_machine
from localcloud.fly.api.machine_view import event_json
from localcloud.fly.api.route import Answer, Call, Route

_PATH = "/v1/apps/{app_name}/machines/{machine_id}"
_DEFAULT_EVENTS, _MOST_EVENTS = 20, 50


def _events(call: Call) -> Answer:
    _, machine = the_machine(call)
    limit = limit_of(call.one("limit"), default=_DEFAULT_EVENTS, highest=_MOST_EVENTS)
    return Answer(body=[event_json(event) for event in machine.events[:limit]])


def _versions(call: Call) -> Answer:
    _, machine = the_machine(call)
    newest_first = reversed(machine.versions)
    return Answer(body=[{"version": each.id, "user_config": each.config} for each in newest_first])


ROUTES = (
    Route(method="GET", path=f"{_PATH}/events", operation_id="Machines_list_events", handler=_events),
    Route(method="GET", path=f"{_PATH}/versions", operation_id="Machines_list_versions", handler=_versions),
)
