"""A small Pulumi project with its own home, backend and stand-in plugin, run by the real engine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from localcloud.provider_aws.sdk_source import installed_sdk
from localcloud.stack.plugin import launcher
from tools.engine import ensure

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import pulumi
import pulumi_aws as aws

config = pulumi.Config()
provider = aws.Provider("aws", region="us-west-1", default_tags={"tags": {"product": "small"}})
options = pulumi.ResourceOptions(provider=provider)
bucket = aws.s3.Bucket("bucket", bucket=config.get("bucket") or "a-small-bucket", opts=options)
key = aws.kms.Key("key", description=config.get("description") or "first", opts=options)
if config.get("imported"):
    aws.kms.Key(
        "imported",
        description="by hand",
        opts=pulumi.ResourceOptions(provider=provider, import_=config.get("imported")),
    )
me = aws.get_caller_identity_output(opts=pulumi.InvokeOptions(provider=provider))
pulumi.export("account", me.account_id)
pulumi.export("arn", key.arn)
"""


class SmallProject:
    """One bucket and one key; `pulumi` runs the engine in it."""

    def __init__(self, directory: Path, endpoint: str) -> None:
        self._program = directory / "program"
        self._environment = _environment(directory, endpoint)
        self.created_file = directory / "created.jsonl"
        self._program.mkdir()
        (directory / "state").mkdir()
        options = {"toolchain": "pip", "virtualenv": str(Path(sys.executable).parents[1])}
        settings = {"name": "small", "runtime": {"name": "python", "options": options}}
        (self._program / "Pulumi.yaml").write_text(yaml.safe_dump(settings))
        (self._program / "__main__.py").write_text(PROGRAM)

    def pulumi(self, stack: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the engine; the caller looks at the exit code."""
        command = ["pulumi", *arguments, "--stack", stack, "--non-interactive"]
        return subprocess.run(
            command,
            cwd=self._program,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )

    def succeed(self, *arguments: str) -> str:
        """Run the engine on the stack local and demand success."""
        done = self.pulumi("local", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def new_stack(self, stack: str) -> None:
        """Make a stack."""
        done = self.pulumi(stack, "stack", "init")
        assert done.returncode == 0, done.stderr

    def resources(self) -> dict[str, dict[str, Any]]:
        """Return the state of the stack local, resources by logical name."""
        state = json.loads(self.succeed("stack", "export"))
        return {item["urn"].rsplit("::", 1)[-1]: item for item in state["deployment"].get("resources", ())}


def _environment(directory: Path, endpoint: str) -> dict[str, str]:
    plugin = (
        directory / "home" / "plugins" / f"resource-aws-v{installed_sdk().version}" / "pulumi-resource-aws"
    )
    plugin.parent.mkdir(parents=True)
    plugin.write_text(launcher(Path(sys.executable), ROOT))
    plugin.chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
    return {
        **kept,
        "PATH": f"{ensure()}{os.pathsep}{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": endpoint,
        "LIFEBOAT_CREATED_FILE": str(directory / "created.jsonl"),
        "PULUMI_HOME": str(directory / "home"),
        "PULUMI_BACKEND_URL": (directory / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "a passphrase of this test",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
    }
