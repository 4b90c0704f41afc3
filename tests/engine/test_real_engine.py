"""The engine that `ensure` gives runs real programs and real policy packs."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from lifeboat.core.clock import SystemClock
from tools.engine import ensure

# A machine that has no engine yet builds one here, once.
pytestmark = [pytest.mark.engine, pytest.mark.timeout(1200)]

BOAT = """
import pulumi

class Boat(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("trial:index:Boat", name)
        self.register_outputs({})

Boat("one")
"""
CONFIGURED = """
import pulumi

print("the program speaks")
config = pulumi.Config()
pulumi.export("size", config.require_int("size"))
pulumi.export("token", config.require_secret("token"))
"""
PACK = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def no_boats(args, report_violation):
    if args.resource_type == "trial:index:Boat":
        report_violation("boats must stay ashore")

PolicyPack(
    "harbour",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy(name="no-boats", description="no boats", validate=no_boats)],
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A Pulumi project with its own home and state, and only the engine's directory put before PATH."""

    directory: Path
    engine: Path

    def pulumi(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI on the stack `local`."""
        variables = {
            "PATH": f"{self.engine}{os.pathsep}{os.environ['PATH']}",
            "PULUMI_HOME": str(self.directory / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.directory}/state",
            "PULUMI_CONFIG_PASSPHRASE": "only for this test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
        inherited = {name: os.environ[name] for name in ("HOME", "TMPDIR") if name in os.environ}
        return subprocess.run(
            ["pulumi", "--non-interactive", *arguments, "--stack", "local"],
            cwd=self.directory,
            env={**inherited, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def succeed(self, *arguments: str) -> str:
        """Run the CLI, demand success, return what it printed."""
        done = self.pulumi(*arguments)
        assert done.returncode == 0, f"{arguments}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@pytest.fixture(scope="module")
def engine() -> Path:
    return ensure()


@pytest.fixture
def project(tmp_path: Path, engine: Path) -> Project:
    """A project with an empty program and a stack."""
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": sys.prefix}}
    (tmp_path / "Pulumi.yaml").write_text(
        yaml.safe_dump({"name": "trial", "main": "program", "runtime": runtime})
    )
    for name in ("program", "state", "pack"):
        (tmp_path / name).mkdir()
    (tmp_path / "program" / "__main__.py").write_text("")
    (tmp_path / "pack" / "PulumiPolicy.yaml").write_text(yaml.safe_dump({"runtime": runtime}))
    (tmp_path / "pack" / "__main__.py").write_text(PACK)
    made = Project(directory=tmp_path, engine=engine)
    made.succeed("stack", "init")
    return made


def give(project: Project, program: str) -> None:
    (project.directory / "program" / "__main__.py").write_text(program)


def test_an_empty_program_goes_up_and_down(project: Project) -> None:
    assert "+ 1 created" in project.succeed("up", "--yes", "--skip-preview")
    project.succeed("preview", "--expect-no-changes")
    assert "- 1 deleted" in project.succeed("destroy", "--yes", "--skip-preview")


def test_a_program_gets_its_configuration_and_keeps_its_secrets(project: Project) -> None:
    give(project, CONFIGURED)
    project.succeed("config", "set", "size", "3")
    project.succeed("config", "set", "--secret", "token", "canary-7241")
    shown = project.succeed("up", "--yes", "--skip-preview")
    assert "the program speaks" in shown
    assert "size : 3" in shown
    assert "canary-7241" not in shown
    state = project.directory / "state" / ".pulumi" / "stacks" / "trial" / "local.json"
    assert "canary-7241" not in state.read_text()
    assert project.succeed("stack", "output", "token", "--show-secrets").strip() == "canary-7241"


def test_a_mandatory_policy_stops_a_preview_and_an_up(project: Project) -> None:
    give(project, BOAT)
    for command in (("preview",), ("up", "--yes", "--skip-preview")):
        stopped = project.pulumi(*command, "--policy-pack", "pack")
        assert stopped.returncode == 1
        assert "[mandatory]  no-boats  (trial:index:Boat: one)" in stopped.stdout
        assert "boats must stay ashore" in stopped.stdout
    assert "trial:index:Boat" not in project.succeed("stack", "export")
    assert "trial:index:Boat" in project.succeed("up", "--yes", "--skip-preview"), (
        "only the policy forbade it"
    )


def test_nobody_waits_for_the_end_of_a_policy_pack(project: Project) -> None:
    give(project, BOAT)

    def seconds(*flags: str) -> float:
        began_s = SystemClock().monotonic_s()
        project.pulumi("preview", *flags)
        return SystemClock().monotonic_s() - began_s

    # An analyzer that lingers costs 5 s every time; a busy machine costs that much now and then.
    extra_s = (seconds("--policy-pack", "pack") - seconds() for _attempt in range(5))
    assert any(extra < 4 for extra in extra_s)


def test_a_failing_program_is_shown_once_with_its_own_lines(project: Project) -> None:
    give(project, "def harbour():\n    raise ValueError('no water')\n\nharbour()\n")
    failed = project.pulumi("preview")
    assert failed.returncode == 1
    shown = failed.stdout + failed.stderr
    assert "ValueError: no water" in shown
    assert "program/__main__.py" in shown
    assert "exited with code" not in shown, "the error was shown already"


def test_a_missing_virtual_environment_is_said_with_what_to_do(project: Project) -> None:
    settings = project.directory / "Pulumi.yaml"
    settings.write_text(settings.read_text().replace(sys.prefix, "nowhere"))
    failed = project.pulumi("preview")
    assert failed.returncode != 0
    assert f"{project.directory}/nowhere does not exist; make it with `pulumi install`" in (
        failed.stdout + failed.stderr
    )


def test_about_knows_the_language_and_its_interpreter(project: Project) -> None:
    shown = subprocess.run(
        [project.engine / "pulumi", "about"],
        cwd=project.directory,
        env={"HOME": str(project.directory), "PATH": "/usr/bin:/bin", "PULUMI_SKIP_UPDATE_CHECK": "true"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "This project is written in python" in shown
    assert sys.prefix in shown
