"""Which versions of the CLI will do."""

from __future__ import annotations

from pathlib import Path

import pytest
from semver import Version

from tools.engine.recipe import Recipe
from tools.engine.target import Target
from tools.engine.version import fits, parse_version, pinned_version


@pytest.mark.parametrize("text", ["v3.250.0", "3.250.0\n", "3.999.1", "v3.251.0-alpha.1", "3.250.0+build.7"])
def test_a_version_of_the_range_fits(text: str) -> None:
    version = parse_version(text)
    assert version is not None
    assert fits(version)


@pytest.mark.parametrize("text", ["3.249.9", "3.30.0", "2.250.0", "4.0.0", "4.0.0-alpha.1", "3.250.0-rc.1"])
def test_a_version_outside_the_range_does_not(text: str) -> None:
    version = parse_version(text)
    assert version is not None
    assert not fits(version)


@pytest.mark.parametrize("text", ["", "3.250", "v3", "dev", "v3.250.0 (dirty)", "pulumi v3.250.0"])
def test_what_is_no_semantic_version_is_not_read_as_one(text: str) -> None:
    assert parse_version(text) is None


def test_the_cli_of_go_mod_fits() -> None:
    assert fits(Recipe.of_checkout(Target(system="linux", architecture="amd64")).version)


def test_the_pin_is_read_from_a_require_line_alone_or_in_a_block() -> None:
    assert pinned_version("require github.com/pulumi/pulumi/pkg/v3 v3.251.2\n") == Version(3, 251, 2)
    assert pinned_version("require (\n\tgithub.com/pulumi/pulumi/pkg/v3 v3.251.2 // indirect\n)") == Version(
        3, 251, 2
    )


def test_a_go_mod_without_the_cli_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not require"):
        pinned_version("module x\n")
