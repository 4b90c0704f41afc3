"""Decides which way an engine comes from, in this order, and keeps what was made.

    pulumi on PATH ─► finished entry ─► official release ─► built from Go modules ─► refusal with all reasons

Only the last three need more than a second, and only the release and the first build need the network.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from lifeboat.core.errors import Refused, StepFailed
from tools.engine.assembly import assemble, check_cli, check_host
from tools.engine.cache import EngineCache
from tools.engine.module_build import EXECUTOR, build_cli
from tools.engine.path_engine import LANGUAGE_HOST, engine_on_path
from tools.engine.progress import Progress
from tools.engine.recipe import Recipe
from tools.engine.release import Releases, Unreachable
from tools.engine.target import Target
from tools.engine.version import WANTED

_HINT = "put pulumi >=3.250 on PATH, or connect to the network and run this once more"
_CACHE_HINT = "make room there (5 GB for a build), or set XDG_CACHE_HOME to a directory that can be written"


def ensure(progress: Progress | None = None) -> Path:
    """Return the directory that holds the `pulumi` to use; prepend it to PATH.

    Args:
        progress: where to say what takes long; stderr when not given.

    Returns:
        An absolute directory with `pulumi` and the Python language host (or the place of the user's own).

    Raises:
        Refused: there is none on PATH, and none can be downloaded or built from here.
        ConfigError: the environment names an unusable place for releases.
        StepFailed: a build or its self-test failed although everything was there.
    """
    progress = progress or Progress()
    cache = EngineCache.of_user(progress)
    found = engine_on_path(os.environ.get("PATH", ""), cache_root=cache.root, progress=progress)
    if found is not None:
        return found
    recipe = Recipe.of_checkout(Target.of_this_machine())
    directory = _finished(recipe, cache)
    try:
        directory = _finished(recipe, cache)
        if directory is None:
            with cache.making():
                # Another process may have made it while this one waited.
                directory = _finished(recipe, cache) or _make(recipe, cache, progress)
    except OSError as error:
        raise StepFailed(f"the engine cannot be kept in {cache.root}: {error}", hint=_CACHE_HINT) from error
    # A cache that another user filled may be read-only; a launcher can do without its last resort.
    with suppress(OSError):
        _remember_interpreter(cache.root)
    return directory


def _finished(recipe: Recipe, cache: EngineCache) -> Path | None:
    """Return the engine directory of a finished entry, the official one first."""
    official, built = (cache.entry(name) / "bin" for name in (recipe.release_name, recipe.engine_name))
    if _has(official, "pulumi", LANGUAGE_HOST):
        return official
    return built if _has(built, "pulumi", LANGUAGE_HOST, EXECUTOR) else None


def _has(directory: Path, *names: str) -> bool:
    files = [directory / name for name in names]
    return all(os.access(file, os.X_OK) and file.stat().st_size > 0 for file in files)


def _make(recipe: Recipe, cache: EngineCache, progress: Progress) -> Path:
    releases = Releases.of_environment(progress)
    try:
        return _from_release(releases, recipe, cache)
    except Unreachable as error:
        progress.note(f"no official release from here ({error}); building from Go modules instead")
        missing = str(error)
    try:
        return _from_modules(recipe, cache, progress)
    except Refused as error:
        raise Refused(
            f"no pulumi {WANTED} on PATH, no release ({missing}), and no build ({error.message})",
            hint=_HINT,
        ) from error


def _from_release(releases: Releases, recipe: Recipe, cache: EngineCache) -> Path:
    with cache.unfinished() as made:
        binaries, scratch = made / "entry" / "bin", made / "scratch"
        binaries.mkdir(parents=True)
        scratch.mkdir()
        releases.fetch(recipe.version, recipe.target, into=binaries, scratch=scratch)
        check_cli(binaries, recipe.version)
        if not _has(binaries, LANGUAGE_HOST):
            raise StepFailed(f"the release of pulumi {recipe.version} has no {LANGUAGE_HOST} in it")
        return cache.publish(made / "entry", recipe.release_name) / "bin"


def _from_modules(recipe: Recipe, cache: EngineCache, progress: Progress) -> Path:
    cli = cache.entry(recipe.cli_name)
    if not _has(cli, "pulumi", EXECUTOR):
        with cache.unfinished() as made:
            (made / "entry").mkdir()
            (made / "scratch").mkdir()
            build_cli(recipe, into=made / "entry", scratch=made / "scratch", progress=progress)
            check_cli(made / "entry", recipe.version)
            cache.publish(made / "entry", recipe.cli_name)
    with cache.unfinished() as made:
        (made / "entry").mkdir()
        assemble(recipe, cli=cli, into=made / "entry")
        check_cli(made / "entry" / "bin", recipe.version)
        check_host(made / "entry" / "bin")
        return cache.publish(made / "entry", recipe.engine_name) / "bin"


def _remember_interpreter(root: Path) -> None:
    """Leave the launcher a last resort: an interpreter that has what a language host needs."""
    note = root / "interpreter"
    line = f"{sys.executable}\n"
    if note.is_file() and note.read_text() == line:
        return
    fresh = root / f"interpreter.{os.getpid()}"
    fresh.write_text(line)
    fresh.replace(note)
