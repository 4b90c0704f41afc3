"""Whole commands with the real engine, the stand-in plugin and the real local AWS cloud.

The program under test makes buckets and keys; faults of the local cloud make it slow where a test
interrupts it.
"""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator

import httpx
import psutil
import pytest

from localcloud.commands.destroy import destroy
from localcloud.commands.setting import Setting
from localcloud.stack.access import aws_endpoint
from localcloud.stack.checkpoint import glance_at
from localcloud.stack.engine_lock import EngineLock
from localcloud.stack.home import LocalHome
from localcloud.supervisor.admin import AdminApi
from localcloud.supervisor.down import end_cloud
from tests.stack.conftest import Ran, finish, lifeboat, make_checkout, processes_of, run_command
from tests.waiting import soon

pytestmark = pytest.mark.engine

PROGRAM = """
import pulumi, pulumi_aws as aws
options = pulumi.ResourceOptions(provider=aws.Provider("aws", region="us-west-1"))
aws.s3.Bucket("one", bucket="lifeboat-test-one", opts=options)
"""
TWO = PROGRAM + 'aws.s3.Bucket("two", bucket="lifeboat-test-two", opts=options)\n'
BROKEN = PROGRAM + 'raise pulumi.RunError("topology.regions: missing")\n'


def program(home: LocalHome, text: str) -> None:
    (home.project / "infra" / "__main__.py").write_text(text)


def up(home: LocalHome, *arguments: str) -> Ran:
    return finish(lifeboat(home, "up", *arguments))


def buckets(home: LocalHome) -> list[str]:
    """Return the buckets the local cloud holds, asked without an SDK."""
    scope = "Credential=local/20260101/us-west-1/s3/aws4_request, SignedHeaders=host, Signature=none"
    headers = {"Authorization": f"AWS4-HMAC-SHA256 {scope}"}
    listed = httpx.get(f"{aws_endpoint(home)}/", headers=headers, trust_env=False)
    return [str(name) for name in re.findall(r"<Name>([^<]+)</Name>", listed.raise_for_status().text)]


def up_in_the_middle(home: LocalHome, kind: str, delay_s: float) -> subprocess.Popen[str]:
    """Start an `up` that adds a bucket, and return while the engine waits for it."""
    fault = {"kind": kind, "service": "s3", "action": "CreateBucket", "delay_s": delay_s}
    AdminApi(aws_endpoint(home)).post("faults", fault)
    program(home, TWO)
    process = lifeboat(home, "up")
    assert soon(lambda: glance_at(home.checkpoint("local")).pending == 1, within_s=30)
    return process


def engine_pid(home: LocalHome) -> int:
    (lock,) = home.engine_locks("local").glob("*.json")
    return EngineLock.model_validate_json(lock.read_bytes()).pid


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalHome]:
    """A checkout whose stack was brought up and whose cloud was ended, to be copied."""
    home = make_checkout(tmp_path_factory.mktemp("template"))
    program(home, PROGRAM)
    first = up(home, "--json")
    assert first.exit_code == 0, first.stderr
    assert (first.data["created"], first.data["cloud_started"], first.data["stack"]) == (3, True, "local")
    end_cloud(home.cloud)
    yield home
    end_cloud(home.cloud)


@pytest.fixture
def standing(template: LocalHome, home: LocalHome) -> LocalHome:
    """A checkout whose stack is up, on a cloud that runs."""
    shutil.copytree(template.project, home.project, dirs_exist_ok=True)
    assert finish(lifeboat(home, "cloud", "up")).exit_code == 0
    return home


def test_up_again_changes_nothing_and_env_makes_plain_pulumi_work(standing: LocalHome) -> None:
    again = up(standing, "--json")
    assert again.exit_code == 0, again.stderr
    assert (again.data["created"], again.data["unchanged"], again.data["cloud_started"]) == (0, 3, False)
    assert "may hold less" not in again.stderr, "a cloud that ended in order holds what it held"
    lines = finish(lifeboat(standing, "env", "local")).stdout
    command = f"{lines}\nexec pulumi preview -s local --expect-no-changes --non-interactive"
    shell = subprocess.run(
        ["sh", "-c", command],
        cwd=standing.project,
        env={**os.environ, "AWS_PROFILE": "work", "PULUMI_CONFIG_PASSPHRASE": "another"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert shell.returncode == 0, shell.stdout + shell.stderr
    assert run_command(destroy, Setting(home=standing), "--yes").exit_code == 0
    assert buckets(standing) == []


def test_a_program_that_refuses_its_data_is_exit_code_2_and_leaves_the_cloud_up(standing: LocalHome) -> None:
    program(standing, BROKEN)
    refused = up(standing)
    assert refused.exit_code == 2
    assert "topology.regions: missing" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert finish(lifeboat(standing, "status")).exit_code == 0


def test_an_interrupted_up_that_joined_the_cloud_leaves_it_and_the_stack_unlocked(
    standing: LocalHome,
) -> None:
    process = up_in_the_middle(standing, "latency", 4)
    second = up(standing)
    assert second.exit_code == 7
    assert f"held by process {process.pid} (`lifeboat up`) since" in second.stderr
    process.send_signal(signal.SIGINT)
    assert finish(process).exit_code == 130
    assert list(standing.engine_locks("local").glob("*.json")) == []
    assert glance_at(standing.checkpoint("local")).pending == 0
    assert buckets(standing) == ["lifeboat-test-one", "lifeboat-test-two"], "what was begun was ended"
    assert finish(lifeboat(standing, "status")).exit_code == 0


def test_an_interrupted_up_that_started_the_cloud_leaves_nothing_running(standing: LocalHome) -> None:
    finish(lifeboat(standing, "down"))
    process = lifeboat(standing, "up")
    assert soon(lambda: any("localcloud.aws" in line for line in processes_of(standing)))
    process.send_signal(signal.SIGINT)
    assert finish(process).exit_code == 130
    assert soon(lambda: not processes_of(standing)), processes_of(standing)


def test_the_up_after_a_killed_engine_releases_its_lock_and_takes_over_what_it_made(
    standing: LocalHome,
) -> None:
    process = up_in_the_middle(standing, "timeout_after_write", 60)
    assert soon(lambda: "lifeboat-test-two" in buckets(standing))
    psutil.Process(engine_pid(standing)).kill()
    killed = finish(process)
    assert killed.exit_code == 8
    assert "exit code -9" in killed.stderr
    AdminApi(aws_endpoint(standing)).delete("faults")
    healed = up(standing, "--json")
    assert healed.exit_code == 0, healed.stderr
    assert "released the lock of an engine that was killed" in healed.stderr
    assert "aws:s3/bucket:Bucket::two; taken over as lifeboat-test-two" in healed.stderr
    assert (healed.data["created"], healed.data["unchanged"]) == (0, 4)
    assert buckets(standing) == ["lifeboat-test-one", "lifeboat-test-two"]


def test_after_a_reset_of_the_cloud_up_fills_it_again(standing: LocalHome) -> None:
    assert finish(lifeboat(standing, "cloud", "reset")).exit_code == 0
    assert buckets(standing) == []
    filled = up(standing, "--json")
    assert filled.exit_code == 0, filled.stderr
    assert "may hold less than the state says" in filled.stderr
    assert buckets(standing) == ["lifeboat-test-one"]
