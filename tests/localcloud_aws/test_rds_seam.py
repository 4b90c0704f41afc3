"""The seam: everything a real server must know reaches it, once, in order, with the right facts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

ARN = "arn:aws:rds:{region}:123456789012:snapshot:{name}"


@pytest.fixture(scope="module")
def told() -> Any:
    command = [sys.executable, "-m", "tests.localcloud_aws.seam_process"]
    finished = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert finished.returncode == 0, finished.stderr
    return json.loads(finished.stdout)


def test_the_servers_are_told_of_every_operation_in_order(told: Any) -> None:
    source = ARN.format(region="us-west-2", name="snap")
    copied = ARN.format(region="us-east-2", name="copied")
    first = {name: ["snapshot", name, "the first"] for name in ("db", "away", "pit")}
    assert [_named(call) for call in told["calls"]] == [
        ["create", "db", 20, {"rds.force_ssl": "1"}],
        first["db"],
        ["modify", "db", "second-password"],
        ["rename", "db2", "db"],
        ["modify", "db2", "second-password"],
        ["reboot", "db2", True],
        ["snapshot", "db2", source],
        ["snapshot_copy", source, copied],
        ["restore", "away", copied, None],
        first["away"],
        ["restore", "pit", told["resource_id"], None],
        first["pit"],
        ["replica", "r", told["resource_id"]],
        ["promote", "r", None],
        ["stop", "db2"],
        ["start", "db2"],
        ["snapshot", "db2", ARN.format(region="us-west-2", name="last")],
        ["delete", "db2", True],
        ["snapshot_delete", source],
    ]


def _named(call: list[Any]) -> list[Any]:
    """Replace the name of an automated snapshot, which holds the time."""
    is_automated = call[0] == "snapshot" and ":snapshot:rds:" in call[2]
    return [*call[:2], "the first"] if is_automated else call


def test_an_instance_is_creating_as_long_as_its_server_is_busy(told: Any) -> None:
    assert told["busy"] == "creating"
