"""The provider under the real engine: an app and all that belongs to it, from the first `up` to `destroy`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from localcloud.fly.tokens import LOCAL_TOKEN
from tests.fly_emulator.fly_process import FlyProcess
from tests.fly_provider.engine_project import EngineProject
from tests.fly_provider.secrets_manager import KEYS, moto_at_a_port, secrets_manager

pytestmark = pytest.mark.engine

PRIVATE = ("a private word", "one secret", "two secret", LOCAL_TOKEN, LOCAL_TOKEN.split()[-1])


@pytest.fixture
def fly(tmp_path: Path) -> Iterator[FlyProcess]:
    """A local Fly."""
    (tmp_path / "fly").mkdir()
    process = FlyProcess(tmp_path / "fly", "--port", "0", "--proxy-port", "0").wait_until_ready()
    yield process
    process.stop()


@pytest.fixture
def keeper() -> Iterator[tuple[str, Any]]:
    """The address of Secrets Manager, and a client of it."""
    with moto_at_a_port() as url:
        client = secrets_manager(url, "us-west-1")
        client.create_secret(Name="engine/jwt", SecretString="one secret")
        yield url, client
        client.close()


def test_an_app_lives(tmp_path: Path, fly: FlyProcess, keeper: tuple[str, Any]) -> None:
    url, secrets = keeper
    project = EngineProject(tmp_path, _variables(fly, url))
    with fly.client() as http:
        assert project.pulumi("stack", "init").returncode == 0
        shown = project.succeed("up", "--yes", "--skip-preview")
        assert project.succeed("stack", "output", "ipv4").strip().count(".") == 3
        project.succeed("preview", "--expect-no-changes")
        project.succeed("refresh", "--preview-only", "--expect-no-changes")
        shown += _a_rotation_is_shown_and_sent(project, secrets)
        _a_volume_grows(project, http)
        _a_volume_is_imported(project, http)
        _nothing_private_is_readable(project.state() + shown)
        _the_wrong_world_is_refused(project)
        project.succeed("config", "rm", "imported")
        project.succeed("destroy", "--yes", "--skip-preview")
        assert http.get("/v1/apps/engine-web").status_code == 404


def test_the_published_schema_binds(tmp_path: Path) -> None:
    schema = EngineProject(tmp_path, {}).schema()
    assert schema["name"] == "fly"
    assert "fly:index:MachineConfig" in schema["types"]


def _variables(fly: FlyProcess, secrets_url: str) -> dict[str, str]:
    addresses = ("FLY_FLAPS_BASE_URL", "FLY_API_BASE_URL", "FLY_UIEX_BASE_URL")
    keys = {name.upper(): value for name, value in KEYS.items()}
    return {
        **dict.fromkeys(addresses, fly.url),
        **keys,
        "FLY_API_TOKEN": LOCAL_TOKEN,
        "AWS_ENDPOINT_URL": secrets_url,
    }


def _a_rotation_is_shown_and_sent(project: EngineProject, secrets: Any) -> str:
    put = secrets.put_secret_value(SecretId="engine/jwt", SecretString="two secret")
    steps = json.loads(project.succeed("preview", "--json"))["steps"]
    assert [step["urn"].rsplit("::", 1)[-1] for step in steps if step["op"] == "update"] == ["secrets"]
    before = int(project.succeed("stack", "output", "version"))
    shown = project.succeed("up", "--yes", "--skip-preview", "--diff")
    assert int(project.succeed("stack", "output", "version")) > before
    kept = project.resources()["secrets"]["outputs"]["sourceVersions"]
    assert kept == {"JWT": put["VersionId"]}
    project.succeed("preview", "--expect-no-changes")
    return shown


def _a_volume_grows(project: EngineProject, http: httpx.Client) -> None:
    before = project.resources()["data"]["id"]
    project.succeed("config", "set", "size", "3")
    project.succeed("up", "--yes", "--skip-preview")
    assert project.resources()["data"]["id"] == before
    assert http.get(f"/v1/apps/{before.replace('/', '/volumes/')}").json()["size_gb"] == 3
    project.succeed("config", "set", "size", "2")
    refused = project.pulumi("preview")
    assert refused.returncode != 0
    assert "cannot shrink from 3 to 2 GB" in refused.stdout + refused.stderr
    project.succeed("config", "set", "size", "3")


def _a_volume_is_imported(project: EngineProject, http: httpx.Client) -> None:
    body = {"name": "by_hand", "region": "sjc", "size_gb": 1}
    volume = http.post("/v1/apps/engine-web/volumes", json=body).raise_for_status().json()
    project.succeed("config", "set", "imported", f"engine-web/{volume['id']}")
    project.succeed("up", "--yes", "--skip-preview")
    assert project.resources()["imported"]["outputs"]["volumeId"] == volume["id"]
    project.succeed("preview", "--expect-no-changes")


def _nothing_private_is_readable(text: str) -> None:
    assert [word for word in PRIVATE if word in text] == []


def _the_wrong_world_is_refused(project: EngineProject) -> None:
    assert project.pulumi("stack", "init", stack="production").returncode == 0
    refused = project.pulumi("up", "--yes", "--skip-preview", stack="production")
    assert refused.returncode != 0
    assert "is a loopback address, but stack" in refused.stdout + refused.stderr
