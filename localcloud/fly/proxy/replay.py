"""The `fly-replay` answer: a machine says who should get the request instead. Pure.

Understood: region, instance, prefer_instance, app, state, elsewhere. Not emulated, and therefore not obeyed:
timeout, fallback, the JSON form and the replay cache.
Source: docs `networking/dynamic-request-routing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from localcloud.fly.proxy.wish import Wish, regions_of

LARGEST_BODY = 1_000_000
"""Requests with more bytes than this cannot be replayed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What an answer asked for; empty `app` means the same one."""

    app: str
    wish: Wish
    state: str


def parse_replay(header: str, answered_by: str) -> Replay | None:
    """Read a `fly-replay` header: `region=ord;state=write`, values quoted or not.

    Args:
        header: its text.
        answered_by: the machine that sent it, left out when it asks for `elsewhere`.

    Returns:
        None when it names no target, so that it cannot be followed.
    """
    fields = dict(_field(part) for part in header.split(";") if "=" in part)
    regions = regions_of(fields.get("region", ""))
    instance = fields.get("instance", "")
    elsewhere = fields.get("elsewhere", "").lower() == "true"
    preferred = fields.get("prefer_instance", "")
    if not (regions or instance or preferred or elsewhere or fields.get("app")):
        return None
    wish = Wish(
        regions=regions,
        only_regions=bool(regions),
        instance=instance or preferred,
        only_instance=bool(instance),
        avoided=frozenset({answered_by}) if elsewhere else frozenset(),
    )
    return Replay(app=fields.get("app", ""), wish=wish, state=fields.get("state", ""))


def replay_source(machine_id: str, region: str, state: str, at: datetime) -> str:
    """Return the `fly-replay-src` header the target gets."""
    source = f"instance={machine_id};region={region};t={int(at.timestamp() * 1_000_000)}"
    return f"{source};state={state}" if state else source


def _field(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name.strip().lower(), value.strip().strip('"')
