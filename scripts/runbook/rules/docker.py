"""Docker commands that remove volumes, and with them data."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, error
from scripts.runbook.scene import Scene

_PROGRAMS = frozenset({"docker", "docker-compose", "podman"})
PRUNE_VOLUMES = error(
    "docker-prune-volumes",
    "removes stopped containers and unused volumes; before Docker 23 the named ones with the data too",
    "docs.docker.com/reference/cli/docker/system/prune",
    "`docker image prune`, and `docker system df` to see what takes the space",
)
VOLUMES_REMOVED = error(
    "docker-volume-removed",
    "removes volumes with the data in them; nothing of it comes back",
    "docs.docker.com/reference/cli/docker/compose/down",
    "`docker compose stop`, or `docker compose down` without volumes",
)


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report docker commands that lose data."""
    for command in scene.commands:
        if command.program not in _PROGRAMS:
            continue
        words = [word for word in command.arguments if not word.startswith("-")]
        if words[:2] == ["system", "prune"] and command.has("--volumes"):
            yield PRUNE_VOLUMES, command
        is_down = "down" in words[:2] and command.has("-v", "--volumes")
        if is_down or words[:2] in (["volume", "rm"], ["volume", "prune"], ["volume", "remove"]):
            yield VOLUMES_REMOVED, command
