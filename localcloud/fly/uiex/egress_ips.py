"""Promoting the egress address of one machine to its app: machines have none of their own here, so 501."""

from __future__ import annotations

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.wire_error import NotImplementedHere


def _promote(call: Call) -> Answer:
    raise NotImplementedHere(f"an egress address of one machine (app {the_app(call).name})")


ROUTES = (
    Route(
        method="POST",
        path="/api/v1/apps/{app_name}/egress_ips/{ip}/promote",
        operation_id="uiex_promote_egress_ip",
        handler=_promote,
    ),
)
