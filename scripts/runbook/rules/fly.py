"""Flyctl commands that exist and do something else than a runbook expects; the facts are in `fly_table`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lifeboat.fly.rules.regions import fly_region_problem
from scripts.runbook.command import Command
from scripts.runbook.flyctl import PROGRAMS, FlyCall, resolve
from scripts.runbook.masking import is_placeholder
from scripts.runbook.rule import Rule, error
from scripts.runbook.rules.fly_table import (
    LOGS_NEVER_END,
    REPEATED_SECRETS,
    RESTORE_BY_ID,
    RULES,
    SECRETS_LIST_AS_BACKUP,
)
from scripts.runbook.scene import Scene

UNKNOWN_REGION = "fly-unknown-region"
_WAITS_FOR_END = frozenset({"tail", "wc", "sort", "uniq", "awk"})


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report flyctl commands that surprise."""
    for command in scene.commands:
        if command.program in PROGRAMS and command.arguments:
            for rule in _of_call(resolve(command.arguments), scene):
                yield rule, command
        if command.outputs and _lists_secrets(command):
            yield SECRETS_LIST_AS_BACKUP, command


def _of_call(call: FlyCall, scene: Scene) -> Iterator[Rule]:
    yield from (each.rule for each in RULES if each.path == call.path and each.when(call))
    yield from _regions(call)
    if call.path == "postgres backup restore" and any("backup" in word for word in call.arguments):
        yield RESTORE_BY_ID
    if call.path in {"secrets set", "secrets unset"} and _repeated(call.path, scene):
        yield REPEATED_SECRETS
    waits = any(each.program in _WAITS_FOR_END for each in scene.commands[1:])
    if call.path == "logs" and waits and not {"no-tail", "n"} & set(call.flags):
        yield LOGS_NEVER_END


def _regions(call: FlyCall) -> Iterator[Rule]:
    named = call.flag("region", "r") or ""
    for region in [*named.split(","), *(call.arguments if call.path.startswith("regions ") else ())]:
        problem = fly_region_problem(region) if re.fullmatch(r"[a-z]{3}", region) else None
        if problem and not is_placeholder(region):
            short = problem.split(";  known", maxsplit=1)[0].split("; known", maxsplit=1)[0]
            yield error(UNKNOWN_REGION, short, "fly.io/docs/reference/regions", "`fly platform regions`")


def _repeated(path: str, scene: Scene) -> bool:
    calls = (resolve(each.arguments) for name in PROGRAMS for each in scene.in_block(name))
    rolls = (call for call in calls if call.path == path and "stage" not in call.flags)
    return len(list(islice(rolls, 2))) > 1


def _lists_secrets(command: Command) -> bool:
    text = " ".join(word for word in command.words if not word.startswith("-"))
    return bool(re.search(r"^(fly|flyctl|make|just|npm run)\b.*\bsecrets?[ :-](list|ls)\b", text))
