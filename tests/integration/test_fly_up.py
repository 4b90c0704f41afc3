"""The Fly half of `up`, as a person sees it: an app that answers, and goes on answering while it changes.

One environment for the whole file: the tests run in order, each leaving the stack in step with its data.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client.machines import NewMachine
from lifeboat.fly.client.models.machine import Machine
from lifeboat.fly.client.models.new_volume import NewVolume
from tests.integration.argv_watch import ArgvWatch
from tests.integration.fly_view import FlyView
from tests.integration.load import SteadyLoad
from tests.integration.project import Project
from tests.waiting import soon

pytestmark = pytest.mark.engine

STACK = "local"
APP = "paintbox-local"
CANARY = "canary-7e2f90b4-never-seen"
GROUP = "fly:index:MachineGroup"
STATEFUL = (
    "aws:ec2/vpc",
    "aws:kms/",
    "aws:rds/instance:",
    "aws:s3/bucket:",
    "aws:secretsmanager/secret:",
    "fly:",
)
"""Types that hold data, or an address somebody knows."""


@pytest.fixture(scope="module")
def first_up(project: Project) -> dict[str, Any]:
    """Return what the first `up` said."""
    return project.up("local")


@pytest.fixture(scope="module")
def url(first_up: dict[str, Any]) -> str:
    """Return the app's address on this machine."""
    return str(first_up["apps"][APP])


@pytest.fixture(scope="module")
def fly(project: Project, url: str) -> Iterator[FlyView]:
    """Look at the Fly the app lives on."""
    assert url
    with FlyView(project, STACK) as view:
        yield view


def fly_half(project: Project) -> dict[str, Any]:
    """Return what the contract says of the app."""
    app: dict[str, Any] = project.contract(STACK)["fly"]["apps"]["web"]
    return app


def starts(fly: FlyView, machine: Machine) -> int:
    """Count how often a machine was started in its life."""
    events = fly.client.machines.events(APP, machine.id)
    return sum(event.type == "start" and event.status == "started" for event in events)


def preview_is_clean(project: Project) -> bool:
    """Tell whether a plain preview in the user's shell shows no change; it is shown otherwise."""
    done = project.pulumi(STACK, "preview", "--expect-no-changes")
    assert done.returncode == 0, done.stdout + done.stderr
    return True


def test_up_ends_with_a_url_that_answers_from_the_demo_app(url: str) -> None:
    answer = httpx.get(url, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["x-lifeboat-version"] == "v1"
    assert answer.headers["x-lifeboat-region"] == "sjc"
    assert answer.json()["app"] == APP


def test_the_contract_agrees_with_the_world(project: Project, fly: FlyView) -> None:
    said = fly_half(project)
    there = fly.machines(APP)
    for name, group in said["groups"].items():
        for machine in group["machines"]:
            found = there.pop(machine["name"])
            assert (found.id, found.region) == (machine["id"], machine["region"])
            assert found.metadata["fly_process_group"] == name
            assert found.metadata["lifeboat_role"] == machine["role"]
            assert found.state == ("started" if machine["role"] == "active" else "stopped")
            assert found.image_ref is not None
            assert found.image_ref.digest == group["image_digest"]
    assert there == {}
    assert set(said["addresses"].values()) == {each.ip for each in fly.client.ips.list(APP)}
    assert set(said["secrets"]) == {each.name for each in fly.client.secrets.list(APP)}
    assert fly.client.apps.get(APP).organization.slug == project.contract(STACK)["fly"]["organization"]


def test_a_second_up_changes_nothing(project: Project, first_up: dict[str, Any]) -> None:
    again = project.up("local")
    assert {again[what] for what in ("created", "updated", "replaced", "deleted")} == {0}
    assert again["unchanged"] == first_up["created"]
    assert again["apps"] == first_up["apps"]
    assert preview_is_clean(project)


def test_a_new_secret_value_restarts_each_started_machine_once(project: Project, fly: FlyView) -> None:
    with ArgvWatch(CANARY) as watch:
        project.succeed("secrets", "set", "jwt-signing", "-s", STACK, stdin=CANARY)
        before = {name: (machine, starts(fly, machine)) for name, machine in fly.machines(APP).items()}
        # The manifest carries the machines' ids, which an update of a group may change: it is shown, too.
        assert sorted(project.changed_steps(STACK)) == [
            ("update", "aws:s3/bucketObjectv2:BucketObjectv2"),
            ("update", "fly:index:AppSecrets"),
            ("update", GROUP),
            ("update", GROUP),
        ]
        assert project.up("local")["updated"] == 3
    assert watch.seen == []
    after = fly.machines(APP)
    assert after.keys() == before.keys()
    for name, (was, started) in before.items():
        now = after[name]
        assert (now.id, now.state) == (was.id, was.state)
        assert starts(fly, now) - started == (was.state == "started"), name
        if now.state == "started":
            assert fly.environment_of(now)["JWT_SECRET"] == CANARY


@pytest.mark.parametrize(
    "image", [f"registry.fly.io/{APP}:v2", f"registry.fly.io/{APP}@sha256:{'5e' * 32}"], ids=["tag", "digest"]
)
def test_a_new_image_reaches_every_machine_and_no_visitor_notices(
    project: Project, fly: FlyView, url: str, image: str
) -> None:
    before = fly.machines(APP)
    old = before["app-sjc-1"].effective_config["image"]
    project.change("local", old, image)
    with SteadyLoad(url) as load:
        done = project.up("local")
    assert done["updated"] == 3
    assert load.failures == {}
    assert len(load.visits) > 300
    after = fly.machines(APP)
    assert {machine.effective_config["image"] for machine in after.values()} == {image}
    assert {name: (each.id, each.state, each.cordoned) for name, each in after.items()} == {
        name: (each.id, each.state, each.cordoned) for name, each in before.items()
    }
    assert {each.state for each in after.values() if each.region == "ord"} == {"stopped"}
    assert fly.leased(APP) == []
    version = "v2" if image.endswith("v2") else "5e" * 6
    assert set(load.versions) >= {version}
    assert answering(url) == {version}


def answering(url: str) -> set[str]:
    """Return the versions that answer a few dozen requests."""
    with httpx.Client(trust_env=False) as client:
        return {client.get(url).headers["x-lifeboat-version"] for _ in range(24)}


def test_what_was_done_by_hand_is_shown_as_drift_and_put_right(project: Project, fly: FlyView) -> None:
    there = fly.machines(APP)
    lost, bent = there["worker-sjc-1"], there["app-sjc-2"]
    destroy(fly, lost)
    config = {**bent.effective_config, "image": f"registry.fly.io/{APP}:by-hand"}
    fly.client.machines.update(APP, bent.id, config, current_version=bent.instance_id)
    assert soon(lambda: fly.client.machines.get(APP, bent.id).state == "started")
    shown = project.pulumi(STACK, "refresh", "--preview-only", "--diff")
    assert shown.returncode == 0, shown.stderr
    assert ":by-hand" in shown.stdout
    assert "sjc: 1 => 0" in shown.stdout
    assert project.pulumi(STACK, "refresh", "--yes", "--skip-preview").returncode == 0
    # Both groups, and the manifest, which carries the new machine's id.
    assert project.up("local")["updated"] == 3
    now = fly.machines(APP)
    assert now.keys() == there.keys()
    assert now[lost.name].id != lost.id
    assert now[bent.name].id == bent.id
    assert len({machine.effective_config["image"] for machine in now.values()}) == 1


def destroy(fly: FlyView, machine: Machine) -> None:
    """Destroy a machine and wait until its name is free."""
    fly.client.machines.destroy(APP, machine.id, force=True)
    assert soon(lambda: fly.client.machines.get(APP, machine.id).state == "destroyed")


def test_machines_of_a_recovery_are_adopted_and_none_is_made_twice(project: Project, fly: FlyView) -> None:
    there = fly.machines(APP)
    lost, model = there["app-ord-1"], there["app-sjc-1"]
    destroy(fly, lost)
    marks = {key: value for key, value in lost.metadata.items() if key != "lifeboat_role"}
    config = {**model.effective_config, "metadata": {**marks, "lifeboat_role": "active"}}
    made = fly.client.machines.create(APP, NewMachine(name="app-ord-1", region="ord", config=config))
    assert soon(lambda: fly.client.machines.get(APP, made.id).state == "started")
    assert project.pulumi(STACK, "refresh", "--yes", "--skip-preview").returncode == 0
    project.up("local")
    now = fly.machines(APP)
    assert now.keys() == there.keys()
    assert now["app-ord-1"].id == made.id
    # A recovery's word stands until the program says something else.
    assert now["app-ord-1"].state == "started"
    assert {one["id"] for one in fly_half(project)["groups"]["app"]["machines"]} == {
        now[name].id for name in now if name.startswith("app-")
    }
    assert preview_is_clean(project)


def test_an_existing_app_and_volume_can_be_imported(project: Project, fly: FlyView) -> None:
    fly.client.apps.create("made-by-hand", "lifeboat")
    volume = fly.client.volumes.create("made-by-hand", NewVolume(name="data", region="sjc", size_gb=1))
    known = {"fly:index:App": "made-by-hand", "fly:index:Volume": f"made-by-hand/{volume.id}"}
    done = import_by_hand(project, "imported", known)
    assert done.returncode == 0, done.stdout + done.stderr
    refused = import_by_hand(project, "missing", {"fly:index:App": "never-made"})
    assert refused.returncode != 0
    assert "never-made" in refused.stdout + refused.stderr
    exported = json.loads(project.pulumi(STACK, "stack", "export").stdout)["deployment"]["resources"]
    imported = {one["type"]: one for one in exported if one["urn"].endswith("::imported")}
    assert {token: imported[token]["id"] for token in known} == known
    assert imported["fly:index:Volume"]["outputs"]["sizeGb"] == 1
    # Not of the program: the next run removes them, as it would anything it was no longer told of.
    assert project.up("local")["deleted"] == len(known)
    assert soon(lambda: "made-by-hand" not in {app.name for app in fly.client.apps.list("lifeboat")})


def import_by_hand(project: Project, name: str, known: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Import objects, given as ids by type, under one name."""
    wanted = [{"type": token, "name": name, "id": identifier} for token, identifier in known.items()]
    path = project.directory / "import.json"
    path.write_text(json.dumps({"resources": wanted}))
    options = ("--yes", "--generate-code=false", "--skip-preview", "--protect=false")
    return project.pulumi(STACK, "import", "--file", str(path), *options)


def test_a_failover_of_the_data_replaces_nothing_stateful_and_no_visitor_notices(
    project: Project, fly: FlyView, url: str
) -> None:
    project.change("local", "primary_region: us-west-1", "primary_region: us-east-2")
    harmful = [
        step
        for step in project.changed_steps(STACK)
        if step[0] not in {"create", "update"} and step[1].startswith(STATEFUL)
    ]
    assert harmful == []
    with SteadyLoad(url) as load:
        project.up("local")
    assert load.failures == {}
    assert len(load.visits) > 300
    assert {visit.region for visit in load.visits[-24:]} == {"ord"}
    states = {name: machine.state for name, machine in fly.machines(APP).items()}
    assert states == {
        "app-ord-1": "started",
        "app-ord-2": "started",
        "app-sjc-1": "stopped",
        "worker-ord-1": "started",
        "worker-sjc-1": "stopped",
    }
    assert httpx.get(url, trust_env=False).json()["primary_region"] == "ord"
    assert fly.leased(APP) == []
    assert preview_is_clean(project)


def test_no_secret_and_no_token_is_to_be_found_anywhere(project: Project, fly: FlyView) -> None:
    token = Secret(project.environment(STACK)["FLY_API_TOKEN"]).reveal().split()[-1]
    planned = project.directory / ".lifeboat" / "plan.json"
    assert project.pulumi(STACK, "preview", "--save-plan", str(planned)).returncode == 0
    told = project.pulumi(STACK, "up", "--yes", "--skip-preview", "--refresh", "--logtostderr", "-v=9")
    assert told.returncode == 0, told.stderr[-2000:]
    project.pulumi(STACK, "stack", "export", "--show-secrets")
    project.pulumi(STACK, "stack", "output", "--json", "--show-secrets")
    printed = "".join(project.transcript)
    assert CANARY not in printed
    assert token not in printed
    files = [path for path in (project.directory / ".lifeboat").rglob("*") if path.is_file()]
    assert planned in files
    # The two memories of the local cloud are the Secrets Manager and the Fly of this story.
    memories = {project.directory / ".lifeboat/cloud/state" / name for name in ("aws.state", "fly.state")}
    holding = [path for path in files if CANARY.encode() in path.read_bytes()]
    assert set(holding) <= memories
    assert [path for path in files if token.encode() in path.read_bytes()] == []
    started = [machine for machine in fly.machines(APP).values() if machine.state == "started"]
    assert {fly.environment_of(machine)["JWT_SECRET"] for machine in started} == {CANARY}
