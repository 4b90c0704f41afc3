"""An engine is built once, whole or not at all, and found again."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from tests.engine.bootstrap import Machine
from tests.engine.executables import PretendGo, put_pulumi


def a_machine(tmp_path: Path, go: PretendGo, **variables: str) -> Machine:
    return Machine(directory=tmp_path, on_path=(go.directory,), variables=variables)


def cpu_of_children_s() -> float:
    """Return the processor time of all ended children; a busy machine stretches it less than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_engine_is_built_and_its_directory_is_all_that_stdout_gets(tmp_path: Path) -> None:
    go = PretendGo.put(tmp_path / "go")
    built = a_machine(tmp_path, go).run()
    assert built.returncode == 0, built.stderr
    directory = Path(built.stdout.removesuffix("\n"))
    assert {path.name for path in directory.iterdir()} == {
        "pulumi",
        "pulumi-language-python",
        "pulumi-language-python-exec",
    }
    assert "no official release from here" in built.stderr
    assert "building pulumi 3.250.0" in built.stderr


def test_a_warm_cache_needs_neither_go_nor_network_nor_time(tmp_path: Path) -> None:
    first = a_machine(tmp_path, PretendGo.put(tmp_path / "go")).run()
    before_s = cpu_of_children_s()
    second = Machine(directory=tmp_path).run()
    assert (second.returncode, second.stdout, second.stderr) == (0, first.stdout, "")
    assert cpu_of_children_s() - before_s < 1, "measured: 0.2 s"


def test_the_result_is_the_same_whatever_the_users_go_settings_are(tmp_path: Path) -> None:
    go = PretendGo.put(tmp_path / "go")
    settings = {
        "GOFLAGS": "-mod=vendor -tags=x",
        "GOWORK": "/elsewhere/go.work",
        "CGO_ENABLED": "1",
        "GOEXPERIMENT": "x",
        "GOARCH": "mips",
        "GOTOOLCHAIN": "go1.99.0",
    }
    built = a_machine(tmp_path, go, GOPROXY="https://mirror.example", **settings).run()
    assert built.returncode == 0, built.stderr
    seen = go.build_environment()
    assert seen["GOPROXY"] == "https://mirror.example", "where modules come from is the user's own affair"
    assert {
        name: seen.get(name) for name in ("GOFLAGS", "GOWORK", "GOENV", "CGO_ENABLED", "GOTOOLCHAIN")
    } == {
        "GOFLAGS": "-mod=readonly",
        "GOWORK": "off",
        "GOENV": "off",
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
    }
    assert "GOEXPERIMENT" not in seen
    assert seen["GOARCH"] in {"amd64", "arm64"}


def test_a_go_older_than_go_mod_asks_fetches_the_toolchain_that_it_names(tmp_path: Path) -> None:
    go = PretendGo.put(tmp_path / "go", go_version="go1.24.3")
    assert a_machine(tmp_path, go).run().returncode == 0
    assert go.build_environment()["GOTOOLCHAIN"] == "go1.25.11"


@pytest.mark.parametrize("file", ["pulumi", "pulumi-language-python"])
def test_a_damaged_engine_is_put_together_again_without_building_the_cli(tmp_path: Path, file: str) -> None:
    go = PretendGo.put(tmp_path / "go")
    machine = a_machine(tmp_path, go)
    directory = Path(machine.run().stdout.strip())
    (directory / file).unlink()
    repaired = machine.run()
    assert repaired.returncode == 0, repaired.stderr
    assert (directory / file).stat().st_size > 0
    assert go.calls("build") == 1


def test_a_build_that_fails_leaves_nothing_and_shows_what_go_said(tmp_path: Path) -> None:
    go = PretendGo.put(tmp_path / "go", on_build="{ echo 'x.go:1: no such thing' >&2; false; }")
    machine = a_machine(tmp_path, go)
    failed = machine.run()
    assert (failed.returncode, failed.stdout) == (5, "")
    assert "go build failed with exit code 1:\nx.go:1: no such thing" in failed.stderr
    assert "hint: " in failed.stderr
    assert "Traceback" not in failed.stderr
    assert machine.entries() == {".lock"}


def test_a_cli_that_says_another_version_is_not_kept(tmp_path: Path) -> None:
    machine = a_machine(tmp_path, PretendGo.put(tmp_path / "go", makes="v3.249.0"))
    failed = machine.run()
    assert failed.returncode == 5
    assert "the new pulumi says it is version 'v3.249.0', not 3.250.0" in failed.stderr
    assert machine.entries() == {".lock"}


def test_a_cache_that_cannot_be_written_is_said_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a directory should be")
    failed = a_machine(tmp_path, PretendGo.put(tmp_path / "go")).run()
    assert failed.returncode == 5
    assert "the engine cannot be kept in" in failed.stderr
    assert "XDG_CACHE_HOME" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_fitting_pulumi_on_path_is_taken_and_nothing_is_made(tmp_path: Path) -> None:
    theirs = put_pulumi(tmp_path / "theirs", "v3.270.0")
    found = Machine(directory=tmp_path, on_path=(theirs,)).run()
    assert (found.returncode, found.stdout, found.stderr) == (0, f"{theirs}\n", "")
    assert not (tmp_path / "cache").exists()
