"""Flyctl commands and flags that do not exist, or not for long."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from scripts.runbook.command import Command
from scripts.runbook.fly_advice import ADVICE
from scripts.runbook.flyctl import PROGRAMS, FlyCall, resolve, siblings, tree
from scripts.runbook.rule import Rule, Severity
from scripts.runbook.scene import Scene


def judge(scene: Scene) -> Iterator[tuple[Rule, Command]]:
    """Report what flyctl does not have."""
    for command in scene.commands:
        if command.program in PROGRAMS and command.arguments:
            for rule in _rules(resolve(command.arguments)):
                yield rule, command


def _rules(call: FlyCall) -> Iterator[Rule]:
    if call.stranger:
        yield _unknown_word(call)
        return
    if "gone" in call.entry:
        yield _with_advice("fly-gone", f"`fly {call.path}` is {call.entry['gone']}", call.path)
    elif "deprecated" in call.entry:
        yield _rule("fly-deprecated", f"`fly {call.path}` is deprecated", call.entry["deprecated"])
    for flag in call.strange_flags:
        yield _with_advice("fly-unknown-flag", f"`fly {call.path}` has no flag {flag}", f"{call.path} {flag}")


def _unknown_word(call: FlyCall) -> Rule:
    wrong = f"{call.path} {call.stranger}".strip()
    if not call.entry.get("group") and wrong not in ADVICE:
        return _with_advice("fly-unknown-argument", f"`fly {call.path}` takes no argument", wrong)
    close = difflib.get_close_matches(call.stranger, siblings(call.path), n=3)
    names = ", ".join(f"`fly {f'{call.path} {name}'.strip()}`" for name in close)
    instead = f"did you mean {names}?" if names else f"`fly {call.path} --help` shows what there is"
    return _with_advice("fly-unknown-command", f"there is no command `fly {wrong}`", wrong, instead)


def _with_advice(name: str, what: str, key: str, instead: str = "") -> Rule:
    advice = ADVICE.get(key)
    why = f"{what} (flyctl {tree()['version']})"
    if advice is None:
        return Rule(name=name, severity=Severity.ERROR, why=why, source="flyctl's own help", instead=instead)
    return Rule(
        name=name,
        severity=Severity.ERROR,
        why=f"{why}; {advice.why}" if advice.why else why,
        source=advice.source,
        instead=advice.instead,
        ours=advice.ours,
    )


def _rule(name: str, why: str, instead: str) -> Rule:
    return Rule(
        name=name,
        severity=Severity.WARNING,
        why=f"{why} (flyctl {tree()['version']})",
        source="flyctl's own help",
        instead=instead,
    )
