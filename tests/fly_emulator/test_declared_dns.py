"""Declaring DNS over the admin API: where a name leads decides what becomes of its certificate."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx

from localcloud.fly.admin import Admin
from localcloud.fly.emulator import Emulator
from tests.fly_emulator.in_process import InProcessTransport


def test_a_declared_name_decides_until_it_is_taken_back(
    client: httpx.Client, emulator: Emulator, app_name: str
) -> None:
    with InProcessTransport(Admin(emulator)) as transport:
        admin = httpx.Client(transport=transport, base_url="http://localhost/_lifeboat/")

        def declare(points: str | None) -> Any:
            return admin.post("dns", json={"hostname": "A.example.com", "points": points}).json()["names"]

        assert declare("elsewhere") == {"a.example.com": "elsewhere"}
        client.post(f"/v1/apps/{app_name}/ip_assignments", json={"type": "v6"}).raise_for_status()
        url = f"/v1/apps/{app_name}/certificates"
        client.post(f"{url}/acme", json={"hostname": "a.example.com"}).raise_for_status()
        emulator.world.clock.advance(timedelta(hours=1))
        assert client.post(f"{url}/a.example.com/check").json()["configured"] is False
        assert declare(None) == {}
        assert client.post(f"{url}/a.example.com/check").json()["configured"] is True
        assert admin.get("dns").json() == {"names": {}}
        assert admin.post("dns", json={"hostname": "x", "points": "nowhere"}).status_code == 400
