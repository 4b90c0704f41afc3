"""Commands that destroy files, disks, caches or history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scripts.runbook.command import Command
from scripts.runbook.rule import Rule, error, warning
from scripts.runbook.scene import Scene

_DATA = re.compile(
    r"(^|/)(var/lib|data|pgdata|postgres\w*|mysql|redis|backups?|dumps?|volumes?)(/|$|\*)", re.IGNORECASE
)
_ROOTS = re.compile(r"^(/|/\*|~/?|\*|\.|\./\*|/(etc|var|home|usr|opt|srv)/?\*?)$")
_MAN = "man7.org/linux/man-pages"

REMOVES_DATA = error(
    "removes-data",
    "removes data, or everything when the variable in the path is empty; nothing of it comes back",
    f"{_MAN}/man1/rm.1.html",
    "`mv` it aside, and remove it when the new one is verified",
)
REMOVES_TREE = warning(
    "removes-tree",
    "removes a tree without asking",
    f"{_MAN}/man1/rm.1.html",
    "`mv` it aside, and remove it later",
)
OVERWRITES_DISK = error(
    "overwrites-disk",
    "overwrites a device with whatever is on it",
    f"{_MAN}/man1/dd.1.html",
    "a snapshot first",
)
REDIS_FLUSHED = error(
    "redis-flushed",
    "removes every key: sessions and queues with the cache",
    "redis.io/docs/latest/commands/flushdb",
    "`redis-cli --scan --pattern 'cache:*'` and unlink what is cache; set an expiry and an eviction policy",
)
REDIS_EVICTS = warning(
    "redis-evicts-all-keys",
    "allkeys policies evict sessions and queues like cache; the setting is gone at the next restart",
    "redis.io/docs/latest/develop/reference/eviction",
    "`volatile-lru` in the configuration, and expiries on what is cache",
)
FORCE_PUSH = warning(
    "git-force",
    "throws commits or changes away, perhaps someone else's",
    "git-scm.com/docs/git-push",
    "`git revert`; `git push --force-with-lease` at most",
)
KILLED_DATABASE = error(
    "database-killed",
    "killing a PostgreSQL process ends every session and starts crash recovery",
    "postgresql.org/docs/current/server-shutdown.html",
    "`SELECT pg_terminate_backend(PID)` for one session, `pg_ctl stop -m fast` for the server",
)


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report what destroys files and the like."""
    for command in scene.commands:
        decide = _DECIDERS.get(command.program)
        rule = decide(command) if decide else None
        if rule is not None:
            yield rule, command


def _rm(command: Command) -> Rule | None:
    targets = [word for word in command.arguments if not word.startswith("-")]
    if not command.has("-r", "-R", "--recursive"):
        return None
    risky = any(_DATA.search(each) or _ROOTS.match(each) or each.startswith("$") for each in targets)
    return REMOVES_DATA if risky else REMOVES_TREE if command.has("-f", "--force") else None


def _find(command: Command) -> Rule | None:
    return REMOVES_TREE if "-delete" in command.arguments else None


def _dd(command: Command) -> Rule | None:
    return OVERWRITES_DISK if any(word.startswith("of=/dev/") for word in command.arguments) else None


def _redis(command: Command) -> Rule | None:
    words = " ".join(command.arguments).upper()
    if re.search(r"\bFLUSH(DB|ALL)\b", words):
        return REDIS_FLUSHED
    return REDIS_EVICTS if re.search(r"MAXMEMORY-POLICY ALLKEYS", words) else None


def _git(command: Command) -> Rule | None:
    words = command.arguments
    pushed = "push" in words and command.has("-f", "--force")
    reset = "reset" in words and command.has("--hard")
    return FORCE_PUSH if pushed or reset or ("clean" in words and command.has("-f", "--force")) else None


def _kill(command: Command) -> Rule | None:
    hard = command.has("-9", "-KILL", "-SIGKILL")
    return KILLED_DATABASE if hard and "postgres" in " ".join(command.arguments) else None


_DECIDERS: dict[str, Callable[[Command], Rule | None]] = {
    "rm": _rm,
    "find": _find,
    "dd": _dd,
    "mkfs": lambda _command: OVERWRITES_DISK,
    "mkfs.ext4": lambda _command: OVERWRITES_DISK,
    "wipefs": lambda _command: OVERWRITES_DISK,
    "redis-cli": _redis,
    "git": _git,
    "kill": _kill,
    "pkill": _kill,
    "killall": _kill,
}
