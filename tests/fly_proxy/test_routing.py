"""Which machine a request reaches, from outside."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import httpx
import pytest

from localcloud.fly.model import Lease, State
from localcloud.port_range import FIRST, LAST
from tests.fly_proxy.edge_world import EdgeWorld
from tests.fly_proxy.records import a_service, an_app, an_ip
from tests.waiting import soon

CHECK = "servicecheck-00-http-8080"
CHECKED = a_service(checks=[{"type": "http", "path": "/health"}])


def test_a_host_name_reaches_its_app_and_others_reach_nobody(edge: EdgeWorld) -> None:
    edge.add("m1")
    assert edge.get(host="acme.localhost").text == "m1"
    for host in ("other.fly.dev", "acme.example.com"):
        assert edge.get(host=host).status_code == 404


def test_an_absolute_request_uri_names_the_app(edge: EdgeWorld) -> None:
    edge.add("m1")
    with httpx.Client(proxy=f"http://127.0.0.1:{edge.port}", trust_env=False) as client:
        answer = client.get("http://acme.fly.dev/a%2Fb?x=%20y")
    assert answer.text == "m1"
    seen = edge.machines["m1"].seen[0]
    assert (seen.target, seen.headers["host"]) == ("/a%2Fb?x=%20y", "acme.fly.dev")


def test_an_app_with_a_public_address_has_a_port_of_its_own(edge: EdgeWorld) -> None:
    edge.add("m1")
    assert edge.app.address_port in set(range(FIRST, LAST + 1)) - {edge.port}
    assert edge.changes > 0
    answer = httpx.get(f"http://127.0.0.1:{edge.app.address_port}/", trust_env=False)
    assert answer.text == "m1"


def test_a_port_closes_with_the_last_public_address_and_opens_with_the_first(edge: EdgeWorld) -> None:
    edge.add("m1")
    port = edge.app.address_port
    edge.app.ips = [an_ip("egress_v4"), an_ip("private_v6")]
    edge.run(edge.edge.refresh())
    assert edge.app.address_port == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)
    assert edge.get(host="acme.fly.dev").status_code == 404
    assert edge.get(host="acme.flycast").status_code == 200
    edge.app.ips = [an_ip("v6")]
    assert soon(lambda: edge.app.address_port != 0), "it looks for itself once a second"


def test_a_port_outlives_a_restart_of_the_edge_and_goes_with_its_app(edge: EdgeWorld) -> None:
    edge.add("m1")
    port = edge.app.address_port
    edge.run(edge.edge.stop())
    edge.port = edge.run(edge.edge.start(edge.port))
    assert edge.app.address_port == port
    assert httpx.get(f"http://127.0.0.1:{port}/", trust_env=False).text == "m1"
    del edge.world.apps["acme"]
    edge.run(edge.edge.refresh())
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/", trust_env=False)


def test_an_app_made_again_under_its_name_gets_the_port_written_down_again(edge: EdgeWorld) -> None:
    port = edge.app.address_port
    edge.app = edge.add_app(an_app("acme", an_ip("v6")))
    edge.run(edge.edge.refresh())
    assert edge.app.address_port == port


def test_the_nearest_machine_to_the_caller_answers(edge: EdgeWorld) -> None:
    edge.add("west", "sjc")
    edge.add("east", "iad")
    assert edge.get().text == "west"
    assert edge.get(fly_client_region="ewr").text == "east"
    assert edge.get(fly_client_region="nowhere").text == "west"
    assert edge.machines["east"].seen[0].headers["fly-region"] == "ewr"


def test_equal_machines_take_turns(edge: EdgeWorld) -> None:
    for name in ("a", "b", "c"):
        edge.add(name)
    assert Counter(edge.get().text for _ in range(9)) == {"a": 3, "b": 3, "c": 3}


def test_routing_headers_are_obeyed(edge: EdgeWorld) -> None:
    edge.add("west", "sjc")
    edge.add("east", "iad")
    assert edge.get(fly_prefer_region="iad").text == "east"
    assert edge.get(fly_prefer_region="fra").text == "west"
    assert edge.get(fly_force_region="fra").status_code == 503
    assert edge.get(fly_prefer_instance_id="east").text == "east"
    assert edge.get(fly_force_instance_id="gone").status_code == 503


@pytest.mark.parametrize("state", [state for state in State if state is not State.STARTED])
def test_only_started_machines_get_requests(edge: EdgeWorld, state: State) -> None:
    edge.add("other", state=state, service=a_service(autostart=False))
    edge.add("m1", "fra")
    assert edge.get().text == "m1"
    assert edge.machines["other"].seen == []


@pytest.mark.parametrize("checks", [{}, {CHECK: "warning"}, {CHECK: "critical"}])
def test_a_machine_whose_checks_do_not_pass_gets_no_requests(edge: EdgeWorld, checks: dict[str, str]) -> None:
    edge.add("sick", service=CHECKED, checks=checks)
    edge.add("well", "fra", service=CHECKED, checks={CHECK: "passing"})
    assert edge.get().text == "well"


def test_machines_that_failed_their_checks_for_long_are_not_waited_for(edge: EdgeWorld) -> None:
    edge.add("sick", service=CHECKED, checks={CHECK: "critical"})
    answer = edge.get()
    assert answer.status_code == 503
    assert answer.elapsed.total_seconds() < 0.5


def test_light_machines_serve_nothing_and_the_answer_says_so(edge: EdgeWorld) -> None:
    edge.add("feather").light = True
    answer = edge.get()
    assert (answer.status_code, "light machines serve nothing" in answer.text) == (503, True)


def test_cordoned_machines_and_lost_hosts_and_regions_get_no_requests(edge: EdgeWorld) -> None:
    for name, region in (
        ("cordoned", "sjc"),
        ("stranded", "lax"),
        ("lost", "dfw"),
        ("dark", "ord"),
        ("well", "fra"),
    ):
        edge.add(name, region)
    edge.app.machines["cordoned"].cordoned = True
    edge.world.records.hosts[edge.app.machines["stranded"].host_id].status = "unreachable"
    edge.declare(kind="host_lost", host=edge.app.machines["lost"].host_id)
    edge.declare(kind="region_down", region="ord")
    assert edge.get().text == "well"


def test_when_no_machine_is_left_the_answer_says_so_at_once(edge: EdgeWorld) -> None:
    edge.add("m1")
    edge.declare(kind="region_down", region="sjc")
    answer = edge.get()
    assert answer.status_code == 503
    assert "no healthy machine of app acme" in answer.text
    assert answer.headers["fly-request-id"].endswith("-sjc")
    assert answer.elapsed.total_seconds() < 1


def test_a_half_dead_region_hangs_and_then_another_one_answers(edge: EdgeWorld) -> None:
    edge.add("near")
    edge.add("far", "fra")
    edge.declare(kind="region_half_dead", region="sjc", delay_s=0.4)
    answer = edge.get()
    assert answer.text == "far"
    assert answer.elapsed.total_seconds() >= 0.4
    assert edge.machines["near"].seen == []


def test_a_sleeping_machine_is_woken_by_a_request_and_answers_it(edge: EdgeWorld) -> None:
    edge.add("far", "fra", state=State.STOPPED)
    edge.add("near", "lax", state=State.SUSPENDED)
    assert edge.get().text == "near"
    assert edge.life.asked == [("start", "near")]


def test_one_that_cannot_be_woken_is_passed_over_and_one_leased_or_forbidden_is_left_alone(
    edge: EdgeWorld,
) -> None:
    edge.add("broken", "sjc", state=State.STOPPED)
    edge.add("leased", "sjc", state=State.STOPPED)
    edge.add("manual", "sjc", state=State.STOPPED, service=a_service(autostart=False))
    edge.add("last", "fra", state=State.STOPPED)
    edge.life.refusing = {"broken"}
    later = edge.world.clock.now().replace(year=9000)
    edge.app.machines["leased"].lease = Lease(
        nonce="n", owner="o", description="", expires_at=later, version="01"
    )
    assert edge.get().text == "last"
    assert edge.life.asked == [("start", "broken"), ("start", "last")]


def test_a_crowded_app_gets_another_machine_started(edge: EdgeWorld) -> None:
    limits = a_service(concurrency={"soft_limit": 1})
    edge.add("a", service=a_service(concurrency={"soft_limit": 1}))
    edge.add("b", service=limits, state=State.STOPPED)
    assert edge.get().text == "a"
    assert edge.life.asked == [], "one request is below the limit when it is chosen"
    edge.call(lambda: edge.edge.load.begin("a"))
    assert edge.get().text == "a"
    assert edge.life.asked == [("start", "b")]


def test_a_request_waits_for_a_machine_that_is_on_its_way_or_about_to_be_checked(edge: EdgeWorld) -> None:
    machine = edge.add("m1", state=State.REPLACING, service=CHECKED)
    edge.loop.call_soon_threadsafe(edge.loop.call_later, 0.3, setattr, machine, "state", State.STARTED)
    machine.updated_at = edge.world.clock.now()
    passing = edge.add("m2", service=CHECKED, checks={CHECK: "passing"}).checks
    del edge.app.machines["m2"]
    edge.loop.call_soon_threadsafe(edge.loop.call_later, 0.6, setattr, machine, "checks", passing)
    answer = edge.get()
    assert answer.text == "m1"
    assert answer.elapsed.total_seconds() >= 0.5


def test_idle_machines_are_stopped_or_suspended_as_the_emulated_time_goes_by(edge: EdgeWorld) -> None:
    edge.add("a", service=a_service(autostop=True))
    edge.add("b", "ord", service=a_service(autostop="suspend"))
    edge.add("c", "fra", service=a_service())
    edge.add(
        "d", "iad", service=a_service(autostop=True, min_machines_running=1), env={"PRIMARY_REGION": "iad"}
    )
    edge.call(lambda: edge.world.clock.advance(timedelta(minutes=5)))
    assert soon(lambda: len(edge.life.asked) >= 2)
    assert sorted(edge.life.asked) == [("stop", "a"), ("suspend", "b")]
    assert edge.get(fly_force_region="sjc").text == "a", "and a request wakes it again"
