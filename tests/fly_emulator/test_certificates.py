"""Certificates: pending until DNS allows, limited by the authority, imported ones really read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from localcloud.fly.api import certificates
from localcloud.fly.certificates import acme, dns
from localcloud.fly.certificates.dns import Points
from localcloud.fly.ips.assign import Wanted, assign
from localcloud.fly.wire_error import WireError
from tests.fly_emulator.bare import START, Bare
from tests.fly_emulator.certificate_maker import make_chain

_DAY_S = 86_400.0
_HOST = "shop.example.com"


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    bare = Bare(tmp_path, certificates.ROUTES)
    for type_name in ("shared_v4", "v6"):
        assign(bare.world, bare.app, Wanted(type=type_name))
    return bare


def _add(bare: Bare, hostname: str = _HOST) -> dict[str, Any]:
    answer = bare.answer("App_Certificates_acme_create", {"hostname": hostname})
    assert answer.status == 201
    body: dict[str, Any] = answer.body
    return body


def _show(bare: Bare, hostname: str = _HOST) -> dict[str, Any]:
    body = bare.call("App_Certificates_show", hostname=hostname)
    assert isinstance(body, dict)
    return body


def _refused(bare: Bare, operation: str, body: Any = None, **path: str) -> WireError:
    with pytest.raises(WireError) as caught:
        bare.call(operation, body, **path)
    return caught.value


def _import(bare: Bare, pems: tuple[str, str], hostname: str = _HOST) -> dict[str, Any]:
    body = {"hostname": hostname, "fullchain": pems[0], "private_key": pems[1]}
    shown = bare.call("App_Certificates_custom_create", body)
    assert isinstance(shown, dict)
    return shown


def test_a_certificate_goes_from_ownership_over_validation_to_active(bare: Bare) -> None:
    assert _add(bare)["status"] == "pending_ownership"
    bare.pass_time(1)
    assert _show(bare)["status"] == "pending_validation"
    bare.pass_time(1)
    shown = _show(bare)
    assert (shown["status"], shown["configured"], shown["validation_errors"]) == ("active", True, [])
    (entry,) = shown["certificates"]
    assert {issued["type"] for issued in entry["issued"]} == {"rsa", "ecdsa"}
    assert entry["expires_at"].startswith("2026-11-30")


def test_the_answer_says_what_dns_has_to_say(bare: Bare) -> None:
    wanted = _add(bare)["dns_requirements"]
    assert (wanted["a"], len(wanted["aaaa"])) == (["192.0.2.1"], 1)
    assert wanted["cname"].endswith(".fly.dev")
    assert wanted["acme_challenge"]["name"] == f"_acme-challenge.{_HOST}"
    assert wanted["ownership"]["name"] == f"_fly-ownership.{_HOST}"


def test_a_name_that_never_points_here_stays_pending_and_says_why(bare: Bare) -> None:
    _add(bare, "shop.invalid")
    bare.pass_time(_DAY_S)
    shown = bare.call("App_Certificates_check", hostname="shop.invalid")
    assert (shown["status"], shown["configured"]) == ("pending_ownership", False)
    assert shown["validation_errors"][0]["code"] == "dns_not_configured"
    assert shown["dns_records"]["resolved_addresses"] == []


def test_a_check_after_dns_was_repaired_brings_the_certificate(bare: Bare) -> None:
    dns.declare(bare.world, _HOST, Points.ELSEWHERE)
    _add(bare)
    bare.pass_time(3 * _DAY_S)
    assert _show(bare)["status"] == "pending_ownership"
    dns.declare(bare.world, _HOST, Points.OWNERSHIP)
    checked = bare.call("App_Certificates_check", hostname=_HOST)
    assert checked["status"] == "pending_validation"
    assert checked["dns_records"]["ownership_txt"] == f"app-{bare.app.id}"
    dns.declare(bare.world, _HOST, Points.HERE)
    assert bare.call("App_Certificates_check", hostname=_HOST)["configured"] is True
    bare.pass_time(1)
    assert _show(bare)["status"] == "active"


def test_fly_looks_again_by_itself(bare: Bare) -> None:
    dns.declare(bare.world, _HOST, Points.ELSEWHERE)
    _add(bare)
    bare.pass_time(60)
    dns.declare(bare.world, _HOST, None)
    for _ in range(4):
        bare.pass_time(3600)
    assert _show(bare)["status"] == "active"


def test_a_name_cannot_reach_an_app_without_a_public_address(bare: Bare) -> None:
    bare.app.ips.clear()
    _add(bare)
    bare.pass_time(60)
    assert _show(bare)["configured"] is False


def test_removing_and_adding_again_meets_the_limit_that_a_check_does_not(bare: Bare) -> None:
    for _ in range(5):
        _add(bare)
        bare.pass_time(4)
        assert _show(bare)["status"] == "active"
        bare.call("App_Certificates_check", hostname=_HOST)
        assert bare.answer("App_Certificates_delete", hostname=_HOST).status == 204
    _add(bare)
    bare.pass_time(4)
    shown = _show(bare)
    assert shown["status"] == "pending_validation"
    assert shown["validation_errors"][0]["code"] == "rate_limited"
    assert shown["rate_limited_until"].startswith("2026-09-08")
    for _ in range(3):
        bare.pass_time(3 * _DAY_S)
    assert _show(bare)["status"] == "active"
    assert "rate_limited_until" not in _show(bare)


def test_a_certificate_is_renewed_and_expires_where_dns_went_away(bare: Bare) -> None:
    _add(bare)
    bare.pass_time(4)
    bare.pass_time(61 * _DAY_S)
    assert _show(bare)["certificates"][0]["expires_at"] > "2026-12-30"
    dns.declare(bare.world, _HOST, Points.ELSEWHERE)
    bare.pass_time(95 * _DAY_S)
    assert _show(bare)["status"] == "pending_validation"


def test_pending_certificates_and_renewals_go_on_after_a_restart(bare: Bare) -> None:
    _add(bare)
    for seconds in (1, 3, 61 * _DAY_S):
        bare.world.timeline.clear()
        acme.resume(bare.world)
        bare.pass_time(seconds)
    assert _show(bare)["status"] == "active"
    assert _show(bare)["certificates"][0]["expires_at"] > "2026-12-30"


def test_a_second_request_and_bad_names_are_refused(bare: Bare) -> None:
    _add(bare, "*.example.com")
    for hostname in ("*.example.com", "", "local", "a..b", "-a.com", "a.*.com", "x" * 300 + ".com"):
        refusal = _refused(bare, "App_Certificates_acme_create", {"hostname": hostname})
        assert refusal.status == 422
    assert list(bare.app.certificates) == ["*.example.com"]


def test_an_imported_chain_is_read_and_its_key_not_kept(bare: Bare) -> None:
    chain, key = make_chain(_HOST, not_after=START + timedelta(days=30))
    shown = _import(bare, (chain, key))
    assert (shown["status"], shown["acme_requested"]) == ("pending_ownership", False)
    assert shown["certificates"][0]["expires_at"].startswith("2026-10-01")
    bare.pass_time(2)
    assert _show(bare)["status"] == "active"
    kept = str(bare.app.certificates[_HOST])
    assert key.splitlines()[1] not in kept
    bare.pass_time(31 * _DAY_S)
    assert _show(bare)["status"] == "pending_validation"


def test_a_chain_of_another_name_time_or_key_is_refused(bare: Bare) -> None:
    later = START + timedelta(days=30)
    good, key = make_chain(_HOST, not_after=later)
    other, other_key = make_chain("other.example.com", not_after=later)
    old, old_key = make_chain(_HOST, not_after=START - timedelta(days=1))
    for pems in (
        (other, other_key),
        (old, old_key),
        (good, other_key),
        ("nonsense", key),
        (good, "nonsense"),
    ):
        with pytest.raises(WireError) as caught:
            _import(bare, pems)
        assert caught.value.status == 422
    assert bare.app.certificates == {}
    wildcard = make_chain("*.example.com", not_after=later)
    assert _import(bare, wildcard)["hostname"] == _HOST


def test_each_of_two_certificates_of_a_name_is_removed_alone(bare: Bare) -> None:
    _import(bare, make_chain(_HOST, not_after=START + timedelta(days=30)))
    _add(bare)
    bare.pass_time(4)
    assert [one["source"] for one in _show(bare)["certificates"]] == ["fly", "custom"]
    after = bare.call("App_Certificates_acme_delete", hostname=_HOST)
    assert ([one["source"] for one in after["certificates"]], after["status"]) == (["custom"], "active")
    gone = bare.call("App_Certificates_custom_delete", hostname=_HOST)
    assert gone["certificates"] == []
    assert "no certificate" in gone["warning"]
    assert _refused(bare, "App_Certificates_custom_delete", hostname=_HOST).status == 404


def test_the_list_is_filtered_and_paged_with_a_total(bare: Bare) -> None:
    for number in range(4):
        _add(bare, f"shop{number}.example.com")
    _add(bare, "blog.example.com")
    first = bare.call("App_Certificates_list", query="filter=SHOP&limit=3")
    assert (len(first["certificates"]), first["total_count"]) == (3, 4)
    rest = bare.call("App_Certificates_list", query=f"filter=shop&limit=3&cursor={first['next_cursor']}")
    assert [row["hostname"] for row in rest["certificates"]] == ["shop3.example.com"]
    assert rest["next_cursor"] == ""
    assert _refused(bare, "App_Certificates_show", hostname="nobody.example.com").status == 404
