"""Certificates: made without waiting, waited for on demand, adopted, and never removed to be repaired."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import grpc
import pytest

from tests.fly_emulator.certificate_maker import make_chain
from tests.fly_provider.world import FlyWorld

HOST = "www.example.org"
CERTIFICATE: dict[str, Any] = {"app": "web", "hostname": HOST}


@pytest.fixture(autouse=True)
def app(world: FlyWorld) -> str:
    world.make_app("web")
    world.http.post("/v1/apps/web/ip_assignments", json={"type": "v6"}).raise_for_status()
    return "web"


def _own(hostname: str = HOST) -> dict[str, str]:
    chain, key = make_chain(hostname, not_after=datetime(2026, 11, 1, tzinfo=UTC))
    return {"fullchain": chain, "privateKey": key}


def test_a_certificate_is_asked_for_and_tells_what_the_dns_needs(world: FlyWorld) -> None:
    resource_id, _, outputs = world.make("Certificate", **CERTIFICATE)
    assert resource_id == f"web/{HOST}"
    assert outputs["status"] != "active"
    needs = outputs["dnsRequirements"]
    assert needs["aaaa"]
    assert needs["acmeChallenge"]["name"] == f"_acme-challenge.{HOST}"
    assert needs["ownership"]["appValue"]


def test_with_wait_the_run_goes_on_once_it_is_active(world: FlyWorld) -> None:
    _, _, outputs = world.make("Certificate", **CERTIFICATE, wait=True)
    assert (outputs["status"], outputs["configured"]) == ("active", True)


def test_a_wait_that_ends_too_early_keeps_the_certificate_and_the_next_run_waits_again(
    world: FlyWorld,
) -> None:
    never = {"app": "web", "hostname": "www.shop.invalid", "wait": True}
    resource = world.resource("Certificate")
    inputs = resource.check(never)
    with pytest.raises(grpc.RpcError, match="exists but is not complete"):
        resource.create(inputs)
    assert list(world.app("web").certificates) == ["www.shop.invalid"]
    kept = {name: value for name, value in inputs.items() if name != "wait"}
    answer = resource.diff("web/www.shop.invalid", kept, kept, inputs)
    assert list(answer.diffs) == ["wait"]
    assert not answer.replaces


def test_a_host_name_that_the_app_has_is_adopted(world: FlyWorld) -> None:
    world.http.post("/v1/apps/web/certificates/acme", json={"hostname": HOST}).raise_for_status()
    before = world.app("web").certificates[HOST].id
    world.make("Certificate", **CERTIFICATE)
    assert world.app("web").certificates[HOST].id == before
    assert world.calls("DELETE") == 0


def test_an_own_certificate_is_imported_and_its_key_is_in_no_output(world: FlyWorld) -> None:
    own = _own()
    _, _, outputs = world.make("Certificate", **CERTIFICATE, **own)
    assert world.app("web").certificates[HOST].fullchain == own["fullchain"]
    assert outputs["fullchain"] == own["fullchain"]
    assert own["privateKey"] not in repr(outputs)
    assert "privateKey" not in outputs


def test_another_own_certificate_is_imported_in_place(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE, **_own())
    new = {**inputs, **_own()}
    answer = world.resource("Certificate").diff(resource_id, inputs, outputs, new)
    assert set(answer.diffs) == {"fullchain", "privateKey"}
    assert not answer.replaces
    world.resource("Certificate").update(resource_id, inputs, outputs, new)
    assert world.app("web").certificates[HOST].fullchain == new["fullchain"]


def test_without_an_own_certificate_any_more_fly_gets_one(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE, **_own())
    new = world.resource("Certificate").check(CERTIFICATE)
    world.resource("Certificate").update(resource_id, inputs, outputs, new)
    kept = world.app("web").certificates[HOST]
    assert (kept.fullchain, kept.acme_requested) == ("", True)


def test_an_own_certificate_that_was_removed_by_hand_is_imported_again(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE, **_own())
    world.http.post("/v1/apps/web/certificates/acme", json={"hostname": HOST}).raise_for_status()
    world.http.delete(f"/v1/apps/web/certificates/{HOST}/custom").raise_for_status()
    resource = world.resource("Certificate")
    _, refreshed, seen = resource.refresh(resource_id, inputs, outputs)
    answer = resource.diff(resource_id, refreshed, seen, inputs)
    assert set(answer.diffs) == {"fullchain", "privateKey"}


def test_a_refresh_shows_no_drift_and_an_import_has_the_same_inputs(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE, wait=True)
    resource = world.resource("Certificate")
    assert resource.refresh(resource_id, inputs, outputs) == (resource_id, inputs, outputs)
    assert resource.import_(resource_id)[1] == {**CERTIFICATE, "wait": False}


def test_deleting_twice_is_fine(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE)
    resource = world.resource("Certificate")
    resource.delete(resource_id, inputs, outputs)
    assert not world.app("web").certificates
    resource.delete(resource_id, inputs, outputs)
    assert resource.refresh(resource_id, inputs, outputs)[0] == ""


@pytest.mark.parametrize(
    ("wrong", "path", "word"),
    [
        ({"hostname": "WWW.example.org"}, "hostname", "no host name"),
        ({"hostname": "localhost"}, "hostname", "no host name"),
        ({"fullchain": "-----BEGIN CERTIFICATE-----"}, "privateKey", "missing, but fullchain is given"),
        ({"fullchain": "x", "privateKey": "y"}, "privateKey", "is not PEM"),
    ],
)
def test_wrong_inputs_are_refused_before_any_call(
    world: FlyWorld, wrong: dict[str, str], path: str, word: str
) -> None:
    world.transport.requests.clear()
    assert word in world.resource("Certificate").failures({**CERTIFICATE, **wrong})[path]
    assert not world.transport.requests


def test_a_host_name_change_replaces(world: FlyWorld) -> None:
    resource_id, inputs, outputs = world.make("Certificate", **CERTIFICATE)
    new = {**inputs, "hostname": "shop.example.org"}
    assert list(world.resource("Certificate").diff(resource_id, inputs, outputs, new).replaces) == [
        "hostname"
    ]
