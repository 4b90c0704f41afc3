"""How a declared fault is told in one line, whichever part of the local cloud it is for."""

from __future__ import annotations

from typing import Any

from localcloud.supervisor.services import AWS, DATABASES, FLY


def fault_line(half: str, declared: dict[str, Any]) -> str:
    """Return what a fault is called, where it is and what it does."""
    where = {AWS: _aws, FLY: _fly, DATABASES: _database}[half](declared)
    times = f", {declared['times']} times" if declared.get("times") else ""
    return f"{half}-{declared['id']}: {declared['kind']}{where}{times}"


def struck(declared: dict[str, Any]) -> str:
    """Return how often a listed fault struck; those of databases strike once, and hold."""
    return f", struck {declared['hits']} times" if "hits" in declared else ""


def _aws(declared: dict[str, Any]) -> str:
    where = " ".join(str(declared[name] or "any") for name in ("region", "service", "action"))
    what = f" {declared['status']} {declared['code']}" if declared["kind"] == "error" else ""
    late = f" after {declared['delay_s']} s" if declared["delay_s"] is not None else ""
    return f"{what}{late} at {where}"


def _fly(declared: dict[str, Any]) -> str:
    fields = ("region", "host", "app", "machine", "action", "image")
    named = [f"{field} {declared[field]}" for field in fields if declared[field]]
    return f" at {', '.join(named) or 'any'}"


def _database(declared: dict[str, Any]) -> str:
    which = f"database {declared['identifier']}" if declared["identifier"] else "all databases"
    exactly = f", {declared['detail']}" if declared.get("detail") else ""
    over = "" if declared["lasts"] else " (nothing to clear)"
    return f" at {which} in {declared['region']}{exactly}: {declared['effect']}{over}"
