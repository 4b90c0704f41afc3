"""What to do instead of a flyctl command or flag that is gone; the tree says which ones are.

Keys are the words of the command with the word or flag that flyctl does not know. A command without an entry
here is still found: it is reported with the commands that do exist.
"""

from __future__ import annotations

from dataclasses import dataclass

_ROLLBACK = "fly.io/docs/blueprints/rollback-guide"
_REGIONS = "fly.io/docs/reference/regions and superfly/flyctl internal/command/regions"
_BACKUP = "fly.io/docs/flyctl/postgres-backup-restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What to do instead.

    Args:
        why: the fact beyond that the command is unknown.
        instead: what to type.
        source: where the fact can be looked up.
        ours: commands of Lifeboat that do it.
    """

    why: str
    instead: str
    source: str
    ours: tuple[str, ...] = ()


ADVICE: dict[str, Advice] = {
    "releases rollback": Advice(
        why="there is no rollback command; a rollback deploys the earlier image, if it still exists",
        instead="`fly releases --image`, then `fly deploy --image NAME@sha256:DIGEST`",
        source=_ROLLBACK,
    ),
    "releases list": Advice(why="", instead="`fly releases --image`", source="fly.io/docs/flyctl/releases"),
    "regions add": Advice(
        why="a region is where machines are, not a setting of the app",
        instead="`fly machine clone ID --region REGION` for each machine, volumes first; verify, then cordon",
        source=_REGIONS,
        ours=("region failover",),
    ),
    "regions remove": Advice(
        why="a region is where machines are, not a setting of the app",
        instead="`fly machine cordon ID` and `fly machine stop ID` for each machine there",
        source=_REGIONS,
        ours=("region failover",),
    ),
    "regions set": Advice(
        why="a region is where machines are, not a setting of the app",
        instead="`fly machine clone ID --region REGION`, then cordon what is in the wrong region",
        source=_REGIONS,
        ours=("region failover",),
    ),
    "regions backup": Advice(
        why="backup regions went with the first platform",
        instead="`fly machine clone ID --region REGION` keeps a standby",
        source=_REGIONS,
        ours=("region failover",),
    ),
    "logs --tail": Advice(
        why="following the log is what `fly logs` does anyway",
        instead="`fly logs`, or `fly logs --no-tail` for what is there now",
        source="fly.io/docs/flyctl/logs",
    ),
    "logs --limit": Advice(
        why="the number of lines cannot be chosen",
        instead="`fly logs --no-tail | tail -n 100`",
        source="fly.io/docs/flyctl/logs",
    ),
    "postgres backup restore --at": Advice(
        why="the time is RFC 3339 with an offset, and the new cluster is the argument",
        instead="`fly postgres backup restore NEW-APP -a OLD-APP --restore-target-time 2026-01-15T14:30:00Z`",
        source=_BACKUP,
        ours=("database restore",),
    ),
    "autoscale": Advice(
        why="it went with the first platform",
        instead="`auto_stop_machines`, `auto_start_machines` and `min_machines_running` in fly.toml",
        source="fly.io/docs/launch/autostop-autostart",
    ),
    "restart": Advice(
        why="",
        instead="`fly apps restart APP`, or `fly machine restart ID` for each machine",
        source="fly.io/docs/flyctl/apps-restart",
    ),
}
"""By the words of the command and the one that is not known."""
