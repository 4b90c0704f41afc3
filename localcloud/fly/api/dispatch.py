"""Which operation a request means: our routes first, then Fly's description, which we may not have built.

found and built           Match with a route
found in the description  Match without one: answered 501
nothing                   None: answered 404 (or 405 when only the method is wrong)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from localcloud.fly.api.route import Route


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What a path was found to mean; `path` holds its decoded parameters."""

    operation_id: str
    route: Route | None
    path: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    segments: tuple[str, ...]
    operation_id: str
    route: Route | None

    @property
    def parameters(self) -> int:
        return sum(segment.startswith("{") for segment in self.segments)

    def match(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        found = {}
        for wanted, given in zip(self.segments, segments, strict=True):
            if wanted.startswith("{"):
                found[wanted.strip("{}")] = given
            elif wanted != given:
                return None
        return found if all(found.values()) else None


class RouteTable:
    """Every operation by method and number of path segments; literal segments win over parameters."""

    def __init__(self, routes: Iterable[Route], described: Iterable[tuple[str, str, str]]) -> None:
        """Build the table.

        Args:
            routes: what is built.
            described: (method, path, operation id) of every operation of Fly's description.
        """
        self._entries: dict[tuple[str, int], list[_Entry]] = {}
        self.routes = {route.operation_id: route for route in routes}
        for route in self.routes.values():
            self._add(route.method, route.path, route.operation_id, route)
        for method, path, operation_id in described:
            if operation_id not in self.routes:
                self._add(method, path, operation_id, None)
        for entries in self._entries.values():
            entries.sort(key=lambda entry: entry.parameters)

    def find(self, method: str, raw_path: str) -> Match | None:
        """Return what a still percent-encoded path means for a method."""
        segments = _split(raw_path)
        for entry in self._entries.get((method, len(segments)), ()):
            path = entry.match(segments)
            if path is not None:
                return Match(operation_id=entry.operation_id, route=entry.route, path=path)
        return None

    def methods(self, raw_path: str) -> list[str]:
        """Return the methods that a path has."""
        return [method for method in _METHODS if self.find(method, raw_path)]

    def operations(self) -> Iterator[tuple[str, bool]]:
        """Yield every operation id and whether it is built."""
        for entries in self._entries.values():
            for entry in entries:
                yield entry.operation_id, entry.route is not None

    def _add(self, method: str, path: str, operation_id: str, route: Route | None) -> None:
        segments = _split(path)
        entry = _Entry(segments=segments, operation_id=operation_id, route=route)
        self._entries.setdefault((method, len(segments)), []).append(entry)


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _split(path: str) -> tuple[str, ...]:
    return tuple(unquote(segment) for segment in path.strip("/").split("/"))
