"""The `pulumi` on PATH is used when it will do, and passed over aloud when it will not."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from tests.engine.executables import put_executable, put_pulumi
from tools.engine.path_engine import engine_on_path
from tools.engine.progress import Progress


class Search:
    """A search of directories, and what was said about it."""

    def __init__(self, *directories: Path, cache_root: Path) -> None:
        said = io.StringIO()
        self.found = engine_on_path(
            ":".join(map(str, directories)),
            cache_root=cache_root,
            progress=Progress(Console(file=said, width=1000)),
        )
        self.said = said.getvalue()


def test_a_fitting_pulumi_is_used_where_it_lies(tmp_path: Path) -> None:
    search = Search(put_pulumi(tmp_path / "bin", "v3.260.1"), cache_root=tmp_path / "cache")
    assert search.found == tmp_path / "bin"
    assert search.said == ""


def test_nothing_on_path_is_nothing_found(tmp_path: Path) -> None:
    assert Search(tmp_path, Path(), cache_root=tmp_path / "cache").found is None


def test_an_old_one_is_passed_over_for_the_next(tmp_path: Path) -> None:
    old, new = put_pulumi(tmp_path / "old", "v3.100.0"), put_pulumi(tmp_path / "new", "v3.300.0")
    search = Search(old, new, cache_root=tmp_path / "cache")
    assert search.found == new
    assert f"passing over {old}/pulumi: version 3.100.0 is not >=3.250.0,<4.0.0" in search.said


@pytest.mark.parametrize(
    ("body", "objection"),
    [
        ("exit 3", "does not run"),
        ("echo dev", "'dev' is not a version"),
        ("echo v4.0.0", "version 4.0.0 is not"),
    ],
)
def test_a_broken_or_wrong_one_is_passed_over(tmp_path: Path, body: str, objection: str) -> None:
    put_executable(tmp_path / "bin" / "pulumi", body)
    search = Search(tmp_path / "bin", cache_root=tmp_path / "cache")
    assert search.found is None
    assert objection in search.said


def test_a_cli_that_cannot_run_python_programs_is_passed_over(tmp_path: Path) -> None:
    search = Search(put_pulumi(tmp_path / "bin", "v3.250.0", host=False), cache_root=tmp_path / "cache")
    assert search.found is None
    assert "has no pulumi-language-python" in search.said


def test_a_language_host_elsewhere_on_path_or_beside_the_real_file_will_do(tmp_path: Path) -> None:
    bare = put_pulumi(tmp_path / "bare", "v3.250.0", host=False)
    put_executable(tmp_path / "hosts" / "pulumi-language-python", "echo 1")
    assert Search(bare, tmp_path / "hosts", cache_root=tmp_path / "cache").found == bare
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "pulumi").symlink_to(put_pulumi(tmp_path / "cellar", "v3.250.0") / "pulumi")
    assert Search(linked, cache_root=tmp_path / "cache").found == linked


def test_an_engine_of_our_own_cache_is_not_taken_for_the_users(tmp_path: Path) -> None:
    ours = put_pulumi(tmp_path / "cache" / "engine-of-another-checkout" / "bin", "v3.250.0")
    assert Search(ours, cache_root=tmp_path / "cache").found is None


def test_asking_for_the_version_leaves_nothing_in_the_users_pulumi_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    put_pulumi(tmp_path / "bin", "v3.250.0")
    put_executable(tmp_path / "bin" / "pulumi", 'mkdir -p "$PULUMI_HOME/logs"; echo v3.250.0')
    assert Search(tmp_path / "bin", cache_root=tmp_path / "cache").found is not None
    assert not (tmp_path / "home").exists()
