"""Volumes, secrets, keys, addresses and certificates through the whole pipeline.

The pipeline refuses what Fly's description does not allow and fails on answers outside it, so that each call
here proves both directions.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from localcloud.fly.emulator import Emulator
from tests.fly_emulator.certificate_maker import make_chain


def _pass(emulator: Emulator, seconds: float) -> None:
    for _ in range(4):
        emulator.world.clock.advance(timedelta(seconds=seconds / 4))
        emulator.settle()


def _ok(response: httpx.Response, status: int = 200) -> Any:
    assert response.status_code == status, response.text
    return response.json() if response.content else None


def test_volumes_and_snapshots_are_within_the_description(
    client: httpx.Client, emulator: Emulator, app_name: str
) -> None:
    url = f"/v1/apps/{app_name}/volumes"
    nulls = {"size_gb": None, "encrypted": None, "snapshot_id": None, "fstype": None, "compute": None}
    volume = _ok(client.post(url, json={"name": "data", "region": "sjc", **nulls}))
    _pass(emulator, 1)
    one = f"{url}/{volume['id']}"
    assert _ok(client.get(one))["state"] == "created"
    assert len(_ok(client.get(url, params={"summary": "true", "limit": "5"}))) == 1
    assert _ok(client.put(f"{one}/extend", json={"size_gb": 5}))["volume"]["size_gb"] == 5
    _ok(client.put(one, json={"snapshot_retention": 7, "auto_backup_enabled": None}))
    _ok(client.post(f"{one}/snapshots"))
    _pass(emulator, 2)
    (snapshot,) = _ok(client.get(f"{one}/snapshots"))
    restored = {"name": "data", "region": "ord", "snapshot_id": snapshot["id"]}
    assert _ok(client.post(url, json=restored))["state"] == "restoring"
    assert _ok(client.delete(one))["state"] == "pending_destroy"
    assert _ok(client.post(url, json={"name": "data", "region": "eu"}), 400)["error"]


def test_secrets_and_keys_are_within_the_description(client: httpx.Client, app_name: str) -> None:
    url = f"/v1/apps/{app_name}/secrets"
    assert _ok(client.post(url, json={"values": {"A": "1", "B": None}}))["version"] == 1
    assert _ok(client.get(url, params={"version": "1", "show_secrets": "true"}))["secrets"][0]["value"] == "1"
    assert _ok(client.post(f"{url}/B", json={"value": "2"}), 201)["version"] == 2
    assert _ok(client.delete(f"{url}/A"))["Version"] == 3
    assert _ok(client.get(url, params={"min_version": "9"}), 412)["error"]
    keys = f"/v1/apps/{app_name}/secretkeys/K"
    _ok(client.post(f"{keys}/generate", json={"type": "xaes256gcm"}), 201)
    sealed = _ok(client.post(f"{keys}/encrypt", json={"plaintext": "aGVsbG8="}))["ciphertext"]
    opened = _ok(client.post(f"{keys}/decrypt", json={"ciphertext": sealed}))
    assert bytes(opened["plaintext"]) == b"hello"
    _ok(client.post(keys, json={"type": "hs256", "value": list(range(32))}), 201)
    signature = _ok(client.post(f"{keys}/sign", json={"plaintext": [1]}))["signature"]
    _ok(client.post(f"{keys}/verify", json={"plaintext": [1], "signature": signature}), 204)
    _ok(client.delete(keys))


@pytest.mark.parametrize("type_name", ["v4", "v6", "shared_v4", "private_v6", "egress_v4", "egress_pair"])
def test_addresses_are_within_the_description(client: httpx.Client, app_name: str, type_name: str) -> None:
    url = f"/v1/apps/{app_name}/ip_assignments"
    region = "sjc" if type_name.startswith("egress") else ""
    given = _ok(client.post(url, json={"type": type_name, "region": region, "network": "", "org_slug": ""}))
    ip = given["ip"] or given["ip_pair"]["v6"]
    assert ip in [row["ip"] for row in _ok(client.get(url))["ips"]]
    _ok(client.delete(f"{url}/{ip}"), 204)


def test_certificates_are_within_the_description(
    client: httpx.Client, emulator: Emulator, app_name: str
) -> None:
    client.post(f"/v1/apps/{app_name}/ip_assignments", json={"type": "v6"}).raise_for_status()
    url = f"/v1/apps/{app_name}/certificates"
    assert _ok(client.post(f"{url}/acme", json={"hostname": "a.example.com"}), 201)["status"]
    chain, key = make_chain("a.example.com", not_after=emulator.world.clock.now() + timedelta(days=9))
    body = {"hostname": "a.example.com", "fullchain": chain, "private_key": key}
    _ok(client.post(f"{url}/custom", json=body), 201)
    _pass(emulator, 4)
    assert _ok(client.post(f"{url}/a.example.com/check"))["status"] == "active"
    assert _ok(client.get(url, params={"limit": "1"}))["total_count"] == 1
    assert len(_ok(client.get(f"{url}/a.example.com"))["certificates"]) == 2
    _ok(client.delete(f"{url}/a.example.com/acme"))
    assert _ok(client.delete(f"{url}/a.example.com/custom"))["warning"]
    _ok(client.delete(f"{url}/a.example.com"), 204)
    _ok(client.get(f"{url}/a.example.com"), 404)
