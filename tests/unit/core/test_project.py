"""The project is found from anywhere inside it."""

from pathlib import Path

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.core.project import find_project


def test_it_is_the_nearest_folder_with_a_project_file(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text("name: lifeboat\n")
    assert find_project(inner) == tmp_path
    (tmp_path / "a" / "Pulumi.yaml").write_text("name: lifeboat\n")
    assert find_project(inner) == tmp_path / "a"


def test_outside_of_any_project_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no Pulumi\.yaml"):
        find_project(tmp_path)
