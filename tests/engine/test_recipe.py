"""The cache keys follow what is built, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tools.engine.recipe import Recipe
from tools.engine.target import Target

LINUX = Target(system="linux", architecture="amd64")


@pytest.fixture
def recipe() -> Recipe:
    return Recipe.of_checkout(LINUX)


def test_the_same_inputs_give_the_same_names(recipe: Recipe) -> None:
    again = Recipe.of_checkout(LINUX)
    assert (again.cli_name, again.engine_name) == (recipe.cli_name, recipe.engine_name)


@pytest.mark.parametrize(
    "change",
    [
        lambda recipe: replace(recipe, launcher=recipe.launcher + b"#"),
        lambda recipe: replace(recipe, assembly=recipe.assembly + b"#"),
        lambda recipe: replace(recipe, host=(*recipe.host, ("more.py", b""))),
        lambda recipe: replace(recipe, host=((recipe.host[0][0] + "x", recipe.host[0][1]), *recipe.host[1:])),
    ],
)
def test_a_change_of_the_host_makes_another_engine_around_the_same_cli(
    recipe: Recipe, change: Callable[[Recipe], Recipe]
) -> None:
    changed = change(recipe)
    assert changed.cli_name == recipe.cli_name
    assert changed.engine_name != recipe.engine_name


def test_a_change_of_the_modules_or_the_machine_makes_another_cli(recipe: Recipe, tmp_path: Path) -> None:
    sums = tmp_path / "go.sum"
    sums.write_bytes(recipe.go_sum.read_bytes() + b"\n")
    changed = (
        replace(recipe, go_sum=sums),
        replace(recipe, target=Target(system="linux", architecture="arm64")),
        replace(recipe, target=Target(system="darwin", architecture="amd64")),
    )
    names = {each.cli_name for each in (recipe, *changed)}
    assert len(names) == 4
    assert len({each.engine_name for each in (recipe, *changed)}) == 4


def test_releases_are_named_as_they_are_published() -> None:
    assert Recipe.of_checkout(LINUX).release_name.endswith("-linux-x64")
    mac = Recipe.of_checkout(Target(system="darwin", architecture="arm64"))
    assert mac.release_name == f"release-v{mac.version}-darwin-arm64"


def test_every_file_the_host_needs_is_part_of_the_recipe(recipe: Recipe) -> None:
    names = {name for name, _content in recipe.host}
    assert {"__init__.py", "main.py", "servicer.py", "lifeline.py"} <= names
