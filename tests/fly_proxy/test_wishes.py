"""What a request, a replay answer and a host name ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localcloud.fly.proxy.hosts import app_of
from localcloud.fly.proxy.replay import parse_replay, replay_source
from localcloud.fly.proxy.wish import Wish, wish_of
from tests.fly_proxy.records import NOW, an_app, an_ip, with_certificate

PUBLIC = an_app("acme", an_ip("shared_v4"))


def test_without_headers_a_request_has_no_wish() -> None:
    assert wish_of({"accept": "*/*"}) == Wish()


def test_a_preferred_region_may_be_missed_and_a_forced_one_may_not() -> None:
    preferred, forced = wish_of({"fly-prefer-region": "ord, eu"}), wish_of({"fly-force-region": "ord"})
    assert [preferred.rank(region) for region in ("ord", "fra", "sjc")] == [0, 1, 2]
    assert preferred.allows("m", "sjc")
    assert forced.allows("m", "ord")
    assert not forced.allows("m", "sjc")


def test_a_forced_machine_and_a_forced_region_beat_preferred_ones() -> None:
    wish = wish_of(
        {
            "fly-prefer-instance-id": "a",
            "fly-force-instance-id": "b",
            "fly-prefer-region": "ord",
            "fly-force-region": "iad",
        }
    )
    assert wish.allows("b", "iad")
    assert not wish.allows("a", "iad")
    assert not wish.allows("b", "ord")


def test_any_stands_for_the_rest_of_the_world_and_unknown_codes_for_nothing() -> None:
    anywhere = wish_of({"fly-force-region": "sjc,any"})
    assert (anywhere.rank("sjc"), anywhere.rank("nrt")) == (0, 1)
    assert wish_of({"fly-force-region": "atlantis"}).allows("m", "sjc") is False
    assert wish_of({"fly-prefer-region": "usa"}).rank("iad") == 0


def test_a_replay_names_region_machine_app_and_state() -> None:
    replay = parse_replay('region="ord,us";app=other;state=captured write', "m1")
    assert replay is not None
    assert (replay.app, replay.state) == ("other", "captured write")
    assert replay.wish.allows("m", "iad")
    assert not replay.wish.allows("m", "fra")
    instance = parse_replay("instance=m2", "m1")
    assert instance is not None
    assert instance.wish.allows("m2", "ord")
    assert not instance.wish.allows("m3", "ord")


def test_elsewhere_leaves_out_the_machine_that_answered() -> None:
    replay = parse_replay("elsewhere=true", "m1")
    assert replay is not None
    assert not replay.wish.allows("m1", "ord")
    assert replay.wish.allows("m2", "ord")


@pytest.mark.parametrize("header", ["", "nonsense", "state=x", "region=", "elsewhere=false", ";;=;"])
def test_a_replay_to_nowhere_is_not_followed(header: str) -> None:
    assert parse_replay(header, "m1") is None


@given(st.text(), st.text())
def test_whatever_is_written_is_read_without_an_error(header: str, host: str) -> None:
    replay = parse_replay(header, "m1")
    assert replay is None or replay.app or replay.wish != Wish()
    assert wish_of({"fly-force-region": header, "fly-prefer-instance-id": header}).rank("sjc") >= 0
    assert app_of(host, {}) is None


def test_the_target_learns_who_replayed_and_why() -> None:
    assert replay_source("m1", "sjc", "write", NOW) == "instance=m1;region=sjc;t=1780315200000000;state=write"


@pytest.mark.parametrize("host", ["acme.fly.dev", "ACME.fly.dev:443", "acme.localhost:8080", "acme.fly.dev."])
def test_an_app_answers_to_its_own_names(host: str) -> None:
    assert app_of(host, {"acme": PUBLIC}) is PUBLIC


@pytest.mark.parametrize("host", ["", "other.fly.dev", "fly.dev", ".fly.dev", "acme.example.com", "[::1]:80"])
def test_other_names_reach_nobody(host: str) -> None:
    assert app_of(host, {"acme": PUBLIC}) is None


def test_an_app_without_an_ingress_address_is_not_reachable() -> None:
    for app in (an_app("acme"), an_app("acme", an_ip("egress_v4"))):
        assert app_of("acme.fly.dev", {"acme": app}) is None


def test_a_private_address_is_reached_by_its_private_name_only() -> None:
    app = an_app("acme", an_ip("private_v6"))
    assert app_of("acme.fly.dev", {"acme": app}) is None
    assert app_of("acme.flycast", {"acme": app}) is app
    assert app_of("acme.flycast", {"acme": PUBLIC}) is None


def test_a_host_name_with_a_configured_certificate_reaches_its_app() -> None:
    app = with_certificate(an_app("acme", an_ip("v6")), "www.example.com", configured=True)
    with_certificate(app, "*.example.org", configured=True)
    with_certificate(app, "pending.example.com", configured=False)
    apps = {"acme": app}
    assert app_of("WWW.example.com", apps) is app
    assert app_of("a.example.org", apps) is app
    for host in ("pending.example.com", "example.org", "a.b.example.org", "example.com"):
        assert app_of(host, apps) is None
