"""Logs of an app's machines: the newest page first, then what follows its token, by region and machine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from localcloud.fly.emulator import Emulator
from localcloud.fly.machines.machine_log import append_log

_START = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Writer:
    """Two machines, in sjc and ord, and lines written by either of them at chosen seconds."""

    def __init__(self, client: httpx.Client, emulator: Emulator, app_name: str) -> None:
        self._client, self._emulator, self._app = client, emulator, app_name
        self.machines = {region: self._create(region) for region in ("sjc", "ord")}

    def _create(self, region: str) -> str:
        body = {"region": region, "config": {"image": "registry.fly.io/lifeboat-light:1"}}
        machine = self._client.post(f"/v1/apps/{self._app}/machines", json=body).raise_for_status().json()
        return str(machine["id"])

    def write(self, region: str, message: str, second: float) -> None:
        """Write a line of the machine in a region."""
        machine = self._emulator.world.apps[self._app].machines[self.machines[region]]
        at = _START + timedelta(seconds=second)
        append_log(self._emulator.world.directory, machine, message, level="info", at=at)

    def read(self, token: str = "", **query: str) -> tuple[list[str], str]:
        """Return the messages of a page and its token."""
        params = {"next_token": token, **query}
        body: Any = self._client.get(f"/api/v1/apps/{self._app}/logs", params=params).json()
        return [row["attributes"]["message"] for row in body["data"]], body["meta"]["next_token"]


@pytest.fixture
def writer(client: httpx.Client, emulator: Emulator, app_name: str) -> Writer:
    return Writer(client, emulator, app_name)


def test_lines_of_all_machines_come_in_their_order_and_only_once(writer: Writer) -> None:
    assert writer.read() == ([], "")
    writer.write("sjc", "one", 1)
    writer.write("ord", "two", 2)
    writer.write("sjc", "three", 3)
    lines, token = writer.read()
    assert lines == ["one", "two", "three"]
    assert writer.read(token) == ([], token)
    writer.write("ord", "four", 4)
    assert writer.read(token)[0] == ["four"]


def test_a_region_or_a_machine_can_be_asked_for(writer: Writer) -> None:
    writer.write("sjc", "here", 1)
    writer.write("ord", "there", 2)
    assert writer.read(region="ord")[0] == ["there"]
    assert writer.read(instance=writer.machines["sjc"])[0] == ["here"]
    assert writer.read(instance="none")[0] == []


def test_the_newest_hundred_come_first_and_then_every_following_line(writer: Writer) -> None:
    for number in range(130):
        writer.write("sjc", f"line {number}", number)
    lines, token = writer.read()
    assert (len(lines), lines[0], lines[-1]) == (100, "line 30", "line 129")
    for number in range(130, 350):
        writer.write("sjc", f"line {number}", number)
    seen: list[str] = []
    while True:
        lines, token = writer.read(token)
        if not lines:
            break
        seen += lines
    assert seen == [f"line {number}" for number in range(130, 350)]


def test_lines_of_one_moment_are_not_split_by_a_page(writer: Writer) -> None:
    writer.write("sjc", "first", 0)
    _, token = writer.read()
    for number in range(150):
        writer.write("sjc", f"line {number}", 1)
    lines, token = writer.read(token)
    assert lines == [f"line {number}" for number in range(150)]
    assert writer.read(token)[0] == []
