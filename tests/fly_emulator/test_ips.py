"""Addresses: given by type and region, stable, released for good."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import ips
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import Bare


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path, ips.ROUTES)


def _assign(bare: Bare, type_name: str, *, app: str = "web", **fields: str) -> dict[str, Any]:
    body = bare.call("App_IPAssignments_create", {"type": type_name, **fields}, app_name=app)
    assert isinstance(body, dict)
    return body


def _refusal(bare: Bare, type_name: str, **fields: str) -> int:
    with pytest.raises(WireError) as caught:
        _assign(bare, type_name, **fields)
    return caught.value.status


@pytest.mark.parametrize(
    ("type_name", "network"),
    [("v4", "198.51.100.0/24"), ("v6", "2001:db8::/32"), ("private_v6", "fdaa::/16")],
)
def test_addresses_lie_in_ranges_that_lead_nowhere(bare: Bare, type_name: str, network: str) -> None:
    given = [_assign(bare, type_name)["ip"] for _ in range(20)]
    assert len(set(given)) == 20
    assert all(ip_address(ip) in ip_network(network) for ip in given)


def test_the_same_seed_gives_the_same_addresses(bare: Bare, tmp_path: Path) -> None:
    other = Bare(tmp_path, ips.ROUTES)
    assert _assign(bare, "v4")["ip"] == _assign(other, "v4")["ip"]


def test_the_shared_address_is_one_for_all_and_given_once(bare: Bare) -> None:
    bare.add_app("other")
    first, again, other = _assign(bare, "shared_v4"), _assign(bare, "shared_v4"), _assign(bare, "v6")
    assert first == again
    assert (first["shared"], first["region"], other["shared"]) == (True, "global", False)
    assert _assign(bare, "shared_v4", app="other")["ip"] == first["ip"]
    assert len(bare.call("App_IPAssignments_list")["ips"]) == 2


def test_a_private_address_names_its_network(bare: Bare) -> None:
    assert _assign(bare, "private_v6")["network"] == {"name": "", "org_slug": "lifeboat"}
    assert _assign(bare, "private_v6", network="blue")["network"]["name"] == "blue"
    assert "network" not in _assign(bare, "v6")


def test_an_egress_pair_is_two_addresses_of_one_region_and_ip_is_null(bare: Bare) -> None:
    pair = _assign(bare, "egress_pair", region="sjc")
    assert pair["ip"] is None
    assert ip_address(pair["ip_pair"]["v4"]) in ip_network("203.0.113.0/24")
    listed = bare.call("App_IPAssignments_list")["ips"]
    assert [ip["ip"] for ip in listed] == [pair["ip_pair"]["v4"], pair["ip_pair"]["v6"]]
    assert all(ip["egress"] and ip["region"] == "sjc" for ip in listed)


def test_egress_is_once_per_app_and_region(bare: Bare) -> None:
    _assign(bare, "egress_v4", region="sjc")
    assert _refusal(bare, "egress_v4", region="sjc") == 422
    assert _refusal(bare, "egress_pair", region="sjc") == 422
    assert _assign(bare, "egress_v6", region="sjc")["egress"] is True
    assert _assign(bare, "egress_pair", region="ams")["ip"] is None


@pytest.mark.parametrize(
    ("type_name", "fields", "status"),
    [
        ("v5", {}, 400),
        ("egress_pair", {}, 400),
        ("egress_v4", {"region": "eu"}, 400),
        ("v4", {"region": "sea"}, 400),
        ("private_v6", {"org_slug": "nobody"}, 404),
    ],
)
def test_a_bad_wish_is_refused(bare: Bare, type_name: str, fields: dict[str, str], status: int) -> None:
    assert _refusal(bare, type_name, **fields) == status
    assert bare.app.ips == []


def test_a_released_address_is_gone_and_not_given_out_at_once(bare: Bare) -> None:
    ip = _assign(bare, "v6")["ip"]
    longer = ip_address(ip).exploded
    assert bare.answer("App_IPAssignments_delete", ip=longer).status == 204
    assert bare.call("App_IPAssignments_list")["ips"] == []
    assert _assign(bare, "v6")["ip"] != ip
    with pytest.raises(WireError) as caught:
        bare.call("App_IPAssignments_delete", ip=ip)
    assert caught.value.status == 404


def test_a_used_up_range_is_said_to_be(bare: Bare) -> None:
    given = {_assign(bare, "v4")["ip"] for _ in range(254)}
    assert len(given) == 254
    assert _refusal(bare, "v4") == 422
