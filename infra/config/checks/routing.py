"""Routes: each kind with what it needs, and every secret it names listed."""

from __future__ import annotations

from collections.abc import Iterator

from infra.config.alarms import Route, Via
from infra.config.checks.secrets import unknown_secret
from infra.config.environment import EnvironmentConfig
from infra.config.problem import Problem


def routing_problems(config: EnvironmentConfig) -> Iterator[Problem]:
    """Yield what is wrong with the routes of both severities."""
    routing = config.alarms.routing
    for severity, routes in (("warning", routing.warning), ("critical", routing.critical)):
        for position, route in enumerate(routes):
            path = ("alarms", "routing", severity, position)
            for key, message in _route_problems(route):
                yield Problem(path=(*path, key), message=message)
            unknown = None if route.url_secret is None else unknown_secret(route.url_secret, config)
            if unknown is not None:
                yield Problem(path=(*path, "url_secret"), message=unknown)
            if route in routes[:position]:
                yield Problem(path=path, message="is there twice")


def _route_problems(route: Route) -> Iterator[tuple[str, str]]:
    wanted, other = ("address", "url_secret") if route.via is Via.EMAIL else ("url_secret", "address")
    if getattr(route, wanted) is None:
        yield wanted, f"is missing; {route.via} needs it"
    if getattr(route, other) is not None:
        yield other, f"means nothing for {route.via}"
