"""What a service and its checks need beyond their shape.

`services[].checks` gate what the proxy routes to a machine and what a rollout waits for; top-level `checks`
only report. Source: fly.md 2.4, Machines API description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.rules.durations import duration_ns
from lifeboat.fly.rules.problem import Problem
from lifeboat.providerkit.paths import Path

_HTTP_ONLY = ("path", "method", "protocol", "headers", "tls_server_name", "tls_skip_verify")


def service_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the services of a config, their checks included."""
    for at, service in mappings_of(config.get("services"), ("services",)):
        yield from _ports(service, at)
        yield from _routing(service, at)
        for check_at, check in mappings_of(service.get("checks"), (*at, "checks")):
            yield from _check(check, check_at)


def check_problems(config: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what is wrong with the top-level checks of a config."""
    checks = config.get("checks")
    for name, check in checks.items() if isinstance(checks, Mapping) else ():
        if isinstance(check, Mapping):
            yield from _check(check, ("checks", str(name)))


def mappings_of(value: object, at: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield the mappings in a list with their paths; other items are reported by their shape."""
    for place, one in enumerate(value if isinstance(value, list | tuple) else ()):
        if isinstance(one, Mapping):
            yield (*at, place), one


def _ports(service: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    for port_at, port in mappings_of(service.get("ports"), (*at, "ports")):
        start, end = port.get("start_port"), port.get("end_port")
        if port.get("port") is not None:
            if start is not None or end is not None:
                yield Problem(path=port_at, reason="give either port, or start_port and end_port")
        elif start is None or end is None:
            yield Problem(path=port_at, reason="needs port, or both start_port and end_port")
        elif isinstance(start, int) and isinstance(end, int) and start > end:
            yield Problem(path=(*port_at, "end_port"), reason=f"{end} lies below start_port {start}")


def _routing(service: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    concurrency = service.get("concurrency")
    if isinstance(concurrency, Mapping):
        soft, hard = concurrency.get("soft_limit"), concurrency.get("hard_limit")
        if isinstance(soft, int) and isinstance(hard, int) and 0 < hard < soft:
            yield Problem(
                path=(*at, "concurrency", "soft_limit"),
                reason=f"{soft} is above hard_limit {hard}: never reached",
            )
    stops = service.get("autostop") in (True, "stop", "suspend")
    if stops and service.get("autostart") is False:
        yield Problem(
            path=(*at, "autostart"),
            reason="is false while autostop is on: a stopped machine would never come back",
        )


def _check(check: Mapping[str, Any], at: Path) -> Iterator[Problem]:
    kind = check.get("type")
    if kind == "http" and check.get("path") in (None, ""):
        yield Problem(path=(*at, "path"), reason="is missing: an http check asks for a path")
    if kind == "tcp":
        for key in (key for key in _HTTP_ONLY if check.get(key) not in (None, "", [], False)):
            yield Problem(path=(*at, key), reason="means nothing on a tcp check; set type to 'http'")
    for key in ("interval", "timeout"):
        if duration_ns(check.get(key)) == 0:
            yield Problem(path=(*at, key), reason="must be longer than nothing")
