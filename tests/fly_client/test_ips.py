"""Addresses are allocated once, and their kind is read off them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.ips import Ips
from lifeboat.fly.client.models.ip import IpAssignment, IpType
from tests.fly_client.conftest import Fly
from tests.fly_client.scripted_fly import Handler, answers, no, ok

V4 = {"ip": "203.0.113.9", "created_at": "2026-09-01T12:00:00Z"}
EGRESS_V4 = {"ip": "203.0.113.70", "egress": True, "region": "iad"}
EGRESS_V6 = {"ip": "2001:db8::70", "egress": True, "region": "iad"}


def losing(*lists: list[dict[str, Any]]) -> Handler:
    listing = answers(*(ok({"ips": one}) for one in lists))
    lost = answers(httpx.ReadTimeout("slow"))
    return lambda request: listing(request) if request.method == "GET" else lost(request)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (V4, IpType.V4),
        ({"ip": "203.0.113.9", "shared": True}, IpType.SHARED_V4),
        ({"ip": "2001:db8::1"}, IpType.V6),
        ({"ip": "fdaa:0:1::3"}, IpType.PRIVATE_V6),
        (EGRESS_V4, IpType.EGRESS_V4),
        (EGRESS_V6, IpType.EGRESS_V6),
        ({"ip": None, "ip_pair": {"v4": "203.0.113.7", "v6": "2001:db8::7"}}, IpType.EGRESS_PAIR),
        ({"ip": "no address"}, None),
    ],
)
def test_the_kind_is_read_off_the_address(row: dict[str, Any], kind: IpType | None) -> None:
    assert IpAssignment.model_validate(row).type is kind


def test_an_egress_pair_has_both_addresses(fly: Fly) -> None:
    pair = {
        "ip": None,
        "ip_pair": {"v4": "203.0.113.7", "v6": "2001:db8::7"},
        "region": "iad",
        "egress": True,
    }
    scripted = fly(answers(ok({"ips": []}), ok(pair)))
    made = Ips(scripted.http()).allocate("web", IpType.EGRESS_PAIR, region="iad")
    assert made.addresses == ("203.0.113.7", "2001:db8::7")
    assert scripted.body() == {"type": "egress_pair", "region": "iad"}


def test_a_private_address_names_its_network(fly: Fly) -> None:
    scripted = fly(answers(ok({"ips": None}), ok({"ip": "fdaa:0:1::3"})))
    network = {"network": "inner", "org_slug": "lifeboat"}
    Ips(scripted.http()).allocate("web", IpType.PRIVATE_V6, network=network)
    assert scripted.body() == {"type": "private_v6", **network}


def test_the_address_of_a_lost_answer_is_adopted(fly: Fly) -> None:
    scripted = fly(losing([V4], [V4, {"ip": "2001:db8::1"}]))
    assert Ips(scripted.http()).allocate("web", IpType.V6).ip == "2001:db8::1"
    assert scripted.asked.count("POST /v1/apps/web/ip_assignments") == 1


def test_the_pair_of_a_lost_answer_is_put_together_again(fly: Fly) -> None:
    elsewhere = {"ip": "203.0.113.99", "egress": True, "region": "fra"}
    scripted = fly(losing([elsewhere], [elsewhere, EGRESS_V4, EGRESS_V6]))
    made = Ips(scripted.http()).allocate("web", IpType.EGRESS_PAIR, region="iad")
    assert made.addresses == ("203.0.113.70", "2001:db8::70")


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ([V4, EGRESS_V4], "only one address of the pair"),
        ([], "misses addresses"),
        ([V4], "may still be running"),
    ],
)
def test_a_pair_that_cannot_be_found_out_is_unknown(
    fly: Fly, after: list[dict[str, Any]], reason: str
) -> None:
    with pytest.raises(errors.UnknownOutcome, match=reason):
        Ips(fly(losing([V4], after)).http()).allocate("web", IpType.EGRESS_PAIR, region="iad")


def test_releasing_what_the_app_does_not_have_is_done(fly: Fly) -> None:
    scripted = fly(answers(no(404, "not_found: ip not found")))
    Ips(scripted.http()).release("web", "2001:db8::1")
    assert scripted.requests[0].url.raw_path == b"/v1/apps/web/ip_assignments/2001%3Adb8%3A%3A1"
