"""Machines come and go under steady load, and no request fails."""

from __future__ import annotations

from pathlib import Path

import httpx

from lifeboat.core.clock import SystemClock
from localcloud.fly.model import State
from tests.fly_proxy.rolling_world import SteadyLoad, rolling_world
from tests.waiting import processes_at, soon

CLIENTS = 6


def test_rolling_every_machine_to_a_new_image_fails_no_request(tmp_path: Path) -> None:
    with rolling_world(tmp_path) as world:
        machines = [world.create(region, "v1") for region in ("sjc", "sjc", "ord")]
        with SteadyLoad(world.app.address_port, CLIENTS) as load:
            for machine in machines:
                world.update(machine, "v2")
        assert load.failures == []
        assert {version for _, _, version in load.answers} == {"v1", "v2"}
        assert all(count > 50 for count in load.by_method().values())
        answer = httpx.get(f"http://127.0.0.1:{world.app.address_port}/", trust_env=False)
        assert answer.headers["x-lifeboat-version"] == "v2"


def test_rolling_the_only_machine_makes_requests_wait_and_fails_none(tmp_path: Path) -> None:
    with rolling_world(tmp_path) as world:
        machine = world.create("sjc", "v1")
        with SteadyLoad(world.app.address_port, CLIENTS) as load:
            for tag in ("v2", "v3"):
                SystemClock().sleep(0.2)
                world.update(machine, tag)
        assert load.failures == []
        assert {version for _, _, version in load.answers} == {"v1", "v2", "v3"}


def test_stopping_destroying_and_waking_machines_fails_no_request(tmp_path: Path) -> None:
    with rolling_world(tmp_path) as world:
        first, second = world.create("sjc", "v1"), world.create("ord", "v1")
        with SteadyLoad(world.app.address_port, CLIENTS) as load:
            world.post(f"/apps/acme/machines/{first.id}/stop")
            assert soon(lambda: first.state is State.STOPPED)
            world.post(f"/apps/acme/machines/{second.id}/stop")
            assert soon(lambda: world.is_healthy(first) or world.is_healthy(second))
            world.post(f"/apps/acme/machines/{first.id}/restart")
            assert soon(lambda: world.is_healthy(first))
            world.post(f"/apps/acme/machines/{first.id}/cordon")
            assert soon(lambda: world.is_healthy(second))
        assert load.failures == []
    assert processes_at(str(tmp_path)) == []


def test_a_write_outside_the_primary_region_is_done_inside_it(tmp_path: Path) -> None:
    with rolling_world(tmp_path) as world:
        world.create("sjc", "v1", PRIMARY_REGION="ord")
        world.create("ord", "v1", PRIMARY_REGION="ord")
        url = f"http://127.0.0.1:{world.app.address_port}"
        read = httpx.get(f"{url}/env", trust_env=False)
        written = httpx.post(f"{url}/write", trust_env=False)
        assert read.headers["x-lifeboat-region"] == "sjc"
        assert written.headers["x-lifeboat-region"] == "ord"
        assert written.json() == {"error": "no database is configured"}
