"""What a whole organisation has, at a point in time: partial while a region is down, never an error then.

Rows are sorted by `updated_at`; `error_regions` names the regions whose rows are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from localcloud.fly.api.cursor import limit_of, page_of
from localcloud.fly.api.organization_access import the_organization
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.faults.board import FaultKind
from localcloud.fly.faults.reach import is_down
from localcloud.fly.model import App, Machine, Volume
from localcloud.fly.regions import LIVING
from localcloud.fly.volumes.wire import volume_json
from localcloud.fly.wire_error import WireError

_LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: str
    region: str
    state: str
    updated_at: datetime
    is_deleted: bool
    shown: Callable[[], dict[str, Any]]

    @property
    def key(self) -> str:
        return f"{self.updated_at.isoformat()} {self.id}"


def _machines(call: Call) -> Answer:
    rows = [_machine_row(call, app, machine) for app in _apps(call) for machine in app.machines.values()]
    if call.world.faults.take(FaultKind.EMPTY_LIST, action="Machines_org_list"):
        rows = []
    return Answer(body=_page(call, rows, "machine"))


def _volumes(call: Call) -> Answer:
    rows = [_volume_row(call, app, volume) for app in _apps(call) for volume in app.volumes.values()]
    return Answer(body=_page(call, rows, "volume"))


def _apps(call: Call) -> list[App]:
    slug = the_organization(call, call.path["org_slug"]).slug
    return [app for app in call.world.apps.values() if app.org_slug == slug]


def _page(call: Call, rows: list[_Row], noun: str) -> dict[str, Any]:
    after = _updated_after(call)
    found = {row.key: row for row in rows if _is_wanted(call, row, after)}
    page = page_of(
        found,
        cursor=call.one("cursor"),
        limit=limit_of(call.one("limit"), default=_LARGEST_PAGE, highest=_LARGEST_PAGE),
        now=call.world.clock.now(),
    )
    shown = [found[key] for key in page.keys]
    body: dict[str, Any] = {f"{noun}s": [row.shown() for row in shown]}
    body["error_regions"] = [code for code in LIVING if is_down(call.world, code)]
    if shown:
        body |= {f"last_{noun}_id": shown[-1].id, "last_updated_at": _text(shown[-1].updated_at)}
    if page.next_cursor:
        body["next_cursor"] = page.next_cursor
    return body


def _is_wanted(call: Call, row: _Row, after: datetime | None) -> bool:
    states = [state for state in call.one("state").split(",") if state]
    return (
        not is_down(call.world, row.region)
        and (call.flag("include_deleted") or not row.is_deleted)
        and call.one("region") in {"", row.region}
        and (not states or row.state in states)
        and (after is None or row.updated_at > after)
    )


def _updated_after(call: Call) -> datetime | None:
    text = call.one("updated_after")
    if not text or call.one("cursor"):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WireError(400, "invalid_argument: updated_after is not in the RFC 3339 format") from error
    if moment.tzinfo is None:
        raise WireError(400, "invalid_argument: updated_after has no time zone")
    return moment


def _machine_row(call: Call, app: App, machine: Machine) -> _Row:
    def shown() -> dict[str, Any]:
        kept = ("guest", "image", "metadata")
        config = {key: machine.config[key] for key in kept if key in machine.config}
        return {
            "id": machine.id,
            "name": machine.name,
            "app_name": app.name,
            "region": machine.region,
            "state": machine.state.value,
            "private_ip": machine.private_ip,
            "version": machine.version.id,
            "created_at": _text(machine.created_at),
            "updated_at": _text(machine.updated_at),
            **({} if call.flag("summary") else {"config": config}),
        }

    return _Row(
        id=machine.id,
        region=machine.region,
        state=machine.state.value,
        updated_at=machine.updated_at,
        is_deleted=not machine.state.is_live,
        shown=shown,
    )


def _volume_row(call: Call, app: App, volume: Volume) -> _Row:
    gone_at = volume.destroyed_at
    # A soft-deleted volume carries the moment at which it will be gone.
    updated_at = gone_at if gone_at and gone_at <= call.world.clock.now() else volume.created_at

    def shown() -> dict[str, Any]:
        row = volume_json(call.world, volume, summary=call.flag("summary"))
        return {**row, "app_name": app.name, "updated_at": _text(updated_at)}

    return _Row(
        id=volume.id,
        region=volume.region,
        state=volume.state.value,
        updated_at=updated_at,
        is_deleted=volume.destroyed_at is not None,
        shown=shown,
    )


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


ROUTES = (
    Route(
        method="GET", path="/v1/orgs/{org_slug}/machines", operation_id="Machines_org_list", handler=_machines
    ),
    Route(
        method="GET", path="/v1/orgs/{org_slug}/volumes", operation_id="Volumes_org_list", handler=_volumes
    ),
)
