"""A small Fly project with its own home and backend, run by the real engine against a local Fly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tools.engine import ensure

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import pulumi
from lifeboat.fly import resources as fly

config = pulumi.Config()
app = fly.App("app", name="engine-web", org="lifeboat")
address = fly.IpAddress("v6", app=app.name, type="v6")
egress = fly.EgressIp("egress", app=app.name, region="sjc")
volume = fly.Volume("data", app=app.name, region="sjc", name="data_1", size_gb=config.get_int("size") or 1)
after = pulumi.ResourceOptions(depends_on=[address])
host = fly.Certificate("host", app=app.name, hostname="www.example.org", opts=after)
secrets = fly.AppSecrets(
    "secrets",
    app=app.name,
    sources={"JWT": {"secret": "engine/jwt", "regions": ["us-west-1"]}},
    values={"SMTP": "a private word"},
)
if config.get("imported"):
    fly.Volume(
        "imported",
        app=app.name,
        region="sjc",
        name="by_hand",
        size_gb=1,
        opts=pulumi.ResourceOptions(import_=config.get("imported")),
    )
pulumi.export("ipv4", egress.ipv4)
pulumi.export("version", secrets.version)
pulumi.export("cname", host.dns_requirements.cname)
pulumi.export("volumes", fly.get_volumes(app.name, opts=pulumi.InvokeOutputOptions(depends_on=[volume])))
"""


class EngineProject:
    """One app with all that belongs to it; `pulumi` runs the engine in it.

    Args:
        directory: an empty one.
        variables: what turns it to the local clouds.
    """

    def __init__(self, directory: Path, variables: dict[str, str]) -> None:
        self._program = directory / "program"
        self._environment = _environment(directory, variables)
        self._program.mkdir()
        (directory / "state").mkdir()
        options = {"toolchain": "pip", "virtualenv": str(Path(sys.executable).parents[1])}
        settings = {
            "name": "small",
            "runtime": {"name": "python", "options": options},
            "plugins": {"providers": [{"name": "fly", "path": str(ROOT / "lifeboat" / "fly" / "provider")}]},
        }
        (self._program / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
        (self._program / "__main__.py").write_text(PROGRAM)

    def pulumi(self, *arguments: str, stack: str = "local") -> subprocess.CompletedProcess[str]:
        """Run the engine; the caller looks at the exit code."""
        return subprocess.run(
            ["pulumi", *arguments, "--stack", stack, "--non-interactive"],
            cwd=self._program,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        """Run the engine and demand success."""
        done = self.pulumi(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def schema(self) -> Any:
        """Ask the plugin for its schema as Pulumi's own tools do."""
        plugin = ROOT / "lifeboat" / "fly" / "provider" / "pulumi-resource-fly"
        done = subprocess.run(
            ["pulumi", "package", "get-schema", str(plugin)],
            cwd=self._program,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def state(self) -> str:
        """Return the stack's state as text."""
        return self.succeed("stack", "export")

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the resources of the state by logical name."""
        found = json.loads(self.state())["deployment"].get("resources", ())
        return {item["urn"].rsplit("::", 1)[-1]: item for item in found}


def _environment(directory: Path, variables: dict[str, str]) -> dict[str, str]:
    ambient = ("AWS_", "PULUMI_", "FLY_")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(ambient)}
    return {
        **kept,
        **variables,
        "PATH": f"{ensure()}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LIFEBOAT_PYTHON": sys.executable,
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "a passphrase of this test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
    }
