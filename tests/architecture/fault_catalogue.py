"""The faults that a recovery of a database has to survive, what it has to do, and the tests that show it.

Tests are found by reading their syntax, never by importing them: a test shows a fault when it is marked
`@pytest.mark.fault("F44")`, and it may be so only when it injects the fault and asserts the reaction.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MARKER = "fault"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the catalogue.

    Args:
        id: its number.
        happens: what goes wrong.
        demands: what has to be done about it.
    """

    id: str
    happens: str
    demands: str


FAULTS = (
    Fault("F01", "a backup exists and is empty", "it fails; its size is held against the one before"),
    Fault("F02", "the alarm about a failure is itself rejected", "the age of backups is asked for"),
    Fault("F03", "a stored file is cut short, or a bit flips", "a full read finds it; a list is no proof"),
    Fault("F04", "a verifier names an error and exits with 0", "what it says is read; the unknown fails"),
    Fault("F05", "the newest backup is too old though it is well", "its age is held against the objective"),
    Fault("F06", "retention sorts by name and takes the newest", "it sorts by time and keeps the verified"),
    Fault("F07", "retention races a restore that reads the backup", "a hold keeps what a run works with"),
    Fault("F08", "a segment of the log is missing from the archive", "no restore ends early in silence"),
    Fault("F09", "the moment lies outside what can be restored", "refused with the window, never clamped"),
    Fault("F10", "a local time is taken for UTC", "only a moment with its offset is accepted"),
    Fault("F14", "a restored database archives over its source's log", "it has an archive of its own"),
    Fault("F15", "backups stop silently after a restore", "a new one is taken, and a new point is proven"),
    Fault("F16", "the newest point holds the same damage", "three points are offered; the check decides"),
    Fault("F17", "the target's disk is too small", "the size is checked before, with room to spare"),
    Fault("F18", "the disk is too slow for the objective", "the forecast says so before anything begins"),
    Fault("F21", "engine, extension or settings do not fit", "they are set explicitly and compared"),
    Fault("F22", "an operator restores twice into one target", "refused unless this very run made it"),
    Fault("F26", "credentials lie in the failed region only", "everything runs without that region"),
    Fault("F27", "a password was rotated after the moment", "the current one is set; a login proves"),
    Fault("F28", "a managed secret goes with its database", "the secret is our own and outlives it"),
    Fault("F29", "a managed password forbids a replica", "never one together with a replica"),
    Fault("F30", "the state lies in the failed region", "the contract is read without it"),
    Fault("F31", "the next deployment would destroy what was restored", "the state is reconciled; no delete"),
    Fault("F43", "two operators at once", "one runs; the other is told holder and run, exit code 7"),
    Fault("F44", "the operator's machine dies in the middle", "any other machine resumes from the journal"),
    Fault("F45", "a crash between a side effect and its record", "intent first; look before doing it again"),
    Fault("F46", "the lock of a dead process blocks everybody", "it expires, shows its holder, may be taken"),
    Fault("F47", "the wrong environment in the terminal", "its name is typed, and a plan is for one stack"),
    Fault("F48", "ids of the wrong kind are handed over", "refused before anything is changed"),
    Fault("F49", "a part that succeeded is told as success", "done in part has an exit code of its own"),
    Fault("F51", "the clocks of laptop, database and cloud differ", "they are compared beforehand"),
    Fault("F57", "an old database is joined to the new one again", "never; what replaces it is made anew"),
    Fault("F58", "objects and rows are of different moments", "the restore set names the cut-off of objects"),
    Fault("F59", "evidence is edited afterwards", "hash chain and manifest show it, offline"),
)


@dataclass(frozen=True, slots=True, order=True)
class MarkedTest:
    """A test that shows the reaction to a fault.

    Args:
        path: its file, from the root of the project.
        name: its function.
    """

    path: str
    name: str


def marked_tests(root: Path) -> dict[str, tuple[MarkedTest, ...]]:
    """Return the marked tests below `root`/tests by the id of their fault, sorted."""
    found: defaultdict[str, set[MarkedTest]] = defaultdict(set)
    for path in sorted((root / "tests").rglob("test_*.py")):
        for function, ids in _marks(ast.parse(path.read_text())):
            for id_ in ids:
                found[id_].add(MarkedTest(str(path.relative_to(root)), function))
    return {id_: tuple(sorted(tests)) for id_, tests in sorted(found.items())}


def _marks(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for function in ast.walk(module):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            # Walked, because a single parameter set may carry the mark.
            nodes = [node for decorator in function.decorator_list for node in ast.walk(decorator)]
            yield function.name, [id_ for node in nodes for id_ in _ids(node)]


def _ids(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == MARKER:
        yield from (str(given.value) for given in node.args if isinstance(given, ast.Constant))
