"""The CLI built from Go modules: `pulumi`, and beside it the executor script of the same SDK version.

Everything comes through the Go module system, which checks it against go.sum. Fetching and building are two
phases: only a fetch that fails means that there is no network.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from lifeboat.core.errors import Refused, StepFailed
from tools.engine.child import Outcome, run_child
from tools.engine.go_toolchain import Go, find_go
from tools.engine.progress import Progress
from tools.engine.recipe import CLI_PACKAGE, SDK_MODULE, Recipe

EXECUTOR = "pulumi-language-python-exec"
"""Runs one Python program; ships in the SDK's Go module, not in its wheel."""


def build_cli(recipe: Recipe, *, into: Path, scratch: Path, progress: Progress) -> None:
    """Build `pulumi` and copy its executor script into a directory.

    Args:
        recipe: what to build.
        into: an existing directory.
        scratch: an existing directory for everything temporary, removed by the caller.
        progress: told how it goes.

    Raises:
        Refused: no Go, or no modules, can be had from here.
        StepFailed: Go has everything it needs and still fails.
    """
    build = _Build(recipe, scratch, progress)
    total = build.fetch()
    build.compile(into / "pulumi", total)
    build.copy_executor(into / EXECUTOR)


class _Build:
    """One build in one scratch directory."""

    def __init__(self, recipe: Recipe, scratch: Path, progress: Progress) -> None:
        self._recipe, self._progress = recipe, progress
        self._directory = scratch / "module"
        self._directory.mkdir()
        shutil.copy(recipe.go_mod, self._directory / "go.mod")
        shutil.copy(recipe.go_sum, self._directory / "go.sum")
        (scratch / "tmp").mkdir()
        self._temporary = scratch / "tmp"
        self._go: Go = find_go(
            directory=self._directory, target=recipe.target, scratch=scratch, progress=progress
        )

    def fetch(self) -> int:
        """Download what the build needs and return the number of Go packages in it."""
        with self._progress.phase(f"fetching the modules of pulumi {self._recipe.version}"):
            listed = self._run(["list", "-deps", CLI_PACKAGE], self._progress.detail)
        if listed.exit_code != 0:
            raise Refused(f"the Go modules cannot be fetched: {_reason(listed)}")
        return len(listed.output.splitlines())

    def compile(self, to: Path, total: int) -> None:
        """Build the executable; most of the time of the whole bootstrap is spent here."""
        done = 0

        def count(_line: str) -> None:
            nonlocal done
            done += 1
            self._progress.detail(f"{done} of at most {total} packages")

        self._progress.note("this takes some minutes, once; the result is kept for every checkout")
        with self._progress.phase(f"building pulumi {self._recipe.version}"):
            built = self._run(["build", "-v", *self._recipe.build_flags, "-o", str(to), CLI_PACKAGE], count)
        if built.exit_code != 0:
            raise StepFailed(
                f"go build failed with exit code {built.exit_code}:\n{built.complaint}",
                hint="a full disk or too little memory (2 GB) are the usual causes",
            )

    def copy_executor(self, to: Path) -> None:
        """Copy the executor out of the SDK's module, whose files are read-only and not executable."""
        asked = self._run(["mod", "download", "-json", f"{SDK_MODULE}@v{self._recipe.version}"])
        if asked.exit_code != 0:
            raise Refused(f"the SDK module cannot be fetched: {_reason(asked)}")
        module = Path(json.loads(asked.output)["Dir"])
        shutil.copyfile(module / "python" / "cmd" / EXECUTOR, to)
        to.chmod(0o755)

    def _run(self, arguments: list[str], on_line: Callable[[str], None] = lambda _line: None) -> Outcome:
        return run_child(
            [str(self._go.executable), *arguments],
            # A killed compiler leaves its temporary files; here they are swept with the rest.
            environment={**self._go.environment, "GOTMPDIR": str(self._temporary)},
            directory=self._directory,
            on_line=on_line,
            on_tick=self._progress.tick,
        )


def _reason(outcome: Outcome) -> str:
    """Return the line that says most: Go prints the cause last."""
    lines = [line.strip() for line in outcome.complaint.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {outcome.exit_code}"
