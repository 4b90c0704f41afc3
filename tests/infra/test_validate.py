"""`lifeboat validate`: one line per environment, every problem, and no Pulumi."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from infra.validate import environments_in, validate
from lifeboat.core.errors import ConfigError
from tests.infra.environments import EVERY, ROOT, desired
from tests.infra.test_program import BROKEN

PRODUCTION = "production"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project with this checkout's data, and work in it."""
    (tmp_path / "Pulumi.yaml").write_text("name: lifeboat\n")
    shutil.copytree(ROOT / "environments", tmp_path / "environments")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(validate, arguments)


def test_every_environment_of_the_checkout_is_usable(project: Path) -> None:
    assert project.is_dir()
    result = run()
    assert result.exit_code == 0
    assert [line.split(":")[0] for line in result.stdout.splitlines()] == list(EVERY)


def test_a_line_counts_what_the_environment_asks_for(project: Path) -> None:
    assert project.is_dir()
    model = desired(PRODUCTION)
    alarms = len(model.alarms) + len(model.composites)
    assert run(PRODUCTION).stdout == (
        f"production: ok, {len(model.databases)} databases, {len(model.buckets)} buckets, "
        f"{len(model.secrets)} secrets, {alarms} alarms, {len(model.roles)} roles\n"
    )


def test_every_problem_is_listed_and_the_exit_code_is_2(project: Path) -> None:
    (project / "environments" / "Pulumi.broken.yaml").write_text(BROKEN)
    result = run("broken", PRODUCTION)
    assert result.exit_code == 2
    lines = result.stdout.splitlines()
    assert lines[0].startswith("broken: ")
    assert any(line.startswith("  ownr: ") for line in lines)
    assert any(line.startswith("  objectives.rto_minutes: ") for line in lines)
    assert lines[-1].startswith("production: ok")
    assert "hint: correct environments/Pulumi.broken.yaml" in result.stderr


def test_the_envelope_holds_the_verdicts_of_all(project: Path) -> None:
    (project / "environments" / "Pulumi.broken.yaml").write_text(BROKEN)
    result = run("--json", "broken", PRODUCTION)
    envelope = json.loads(result.stdout)
    assert result.exit_code == 2
    assert (envelope["command"], envelope["ok"]) == ("validate", False)
    assert envelope["error"]["exit_code"] == 2
    assert [verdict["ok"] for verdict in envelope["data"]] == [False, True]
    assert any(problem.startswith("ownr: ") for problem in envelope["data"][0]["problems"])
    assert envelope["data"][1]["counts"]["databases"] == len(desired(PRODUCTION).databases)


def test_good_data_makes_a_good_envelope(project: Path) -> None:
    assert project.is_dir()
    result = run("--json", PRODUCTION)
    envelope = json.loads(result.stdout)
    assert (result.exit_code, envelope["ok"], envelope["error"]) == (0, True, None)


def test_an_unknown_environment_is_a_problem_like_any_other(project: Path) -> None:
    assert project.is_dir()
    result = run("nowhere")
    assert result.exit_code == 2
    assert "environment 'nowhere' has no file" in result.stdout


def test_settings_of_local_stacks_are_no_environments(project: Path) -> None:
    directory = project / "environments"
    (directory / "Pulumi.local-production.yaml").write_text("encryptionsalt: v1:x\n")
    assert environments_in(directory) == EVERY


def test_a_project_without_environments_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no Pulumi\.<environment>\.yaml"):
        environments_in(tmp_path)


def test_neither_pulumi_nor_a_cloud_is_imported() -> None:
    script = (
        "import sys; from click.testing import CliRunner; from infra.validate import validate\n"
        "result = CliRunner().invoke(validate, ['production']); assert result.exit_code == 0, result.output\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'pulumi', 'pulumi_aws', 'boto3', 'grpc', 'moto'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
