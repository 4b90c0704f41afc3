"""What the client does when requests fail: outages, storms, delays, stale and empty answers."""

from __future__ import annotations

import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.models.ip import IpType
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.platform import PlacementWish
from localcloud.fly.faults.board import FaultKind
from tests.contract.fly_world import DEMO, FlyWorld
from tests.contract.proofs import proves

VOLUME = NewVolume(name="data", region="fra", size_gb=1)


@proves(FaultKind.API_DOWN)
@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_reads_and_repeatable_writes_outlast_a_short_outage(fly: FlyWorld, status: int) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.API_DOWN, times=3, status=status)
    assert [each.id for each in fly.client.machines.list(fly.app)] == [machine.id]
    fly.fault(FaultKind.API_DOWN, times=3, status=status)
    fly.client.machines.cordon(fly.app, machine.id)
    assert fly.hits(FaultKind.API_DOWN) == 6


@proves(FaultKind.API_DOWN)
def test_a_long_outage_is_unavailable_and_says_which_request_failed(fly: FlyWorld) -> None:
    fly.fault(FaultKind.API_DOWN)
    for attempt in (
        lambda: fly.client.apps.get(fly.app),
        lambda: fly.client.machines.list(fly.app),
        lambda: fly.client.machines.list_carefully(fly.app),
        lambda: fly.client.volumes.create(fly.app, VOLUME),
        lambda: fly.client.secrets.set_many(fly.app, {"A": Secret("one")}),
        lambda: fly.client.ips.allocate(fly.app, IpType.V6),
        lambda: fly.client.certificates.request_acme(fly.app, "www.example.com"),
        lambda: fly.client.orgs.machines(fly.organization),
        lambda: fly.client.platform.placements(PlacementWish(organization="lifeboat", regions="fra")),
        fly.client.tokens.current,
    ):
        with pytest.raises(errors.Unavailable) as caught:
            attempt()
        assert caught.value.status == 503
        assert caught.value.request_id
        assert caught.value.retryable


@proves(FaultKind.API_DOWN)
def test_regions_are_known_while_the_api_is_down(fly: FlyWorld) -> None:
    fly.fault(FaultKind.API_DOWN)
    regions = fly.client.platform.regions()
    assert not regions.is_live
    assert {"fra", "iad"} <= regions.codes


@proves(FaultKind.API_DOWN)
def test_a_machine_is_made_once_through_an_outage(fly: FlyWorld) -> None:
    fly.fault(FaultKind.API_DOWN, action="Machines_create", times=2)
    made = fly.client.machines.create(fly.app, fly.new())
    assert fly.live_names() == [made.name]


@proves(FaultKind.API_DOWN)
def test_a_create_that_cannot_be_looked_into_is_an_unknown_outcome(fly: FlyWorld) -> None:
    fly.fault(FaultKind.API_DOWN)
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.create(fly.app, fly.new())
    fly.withdraw()
    assert fly.live_names() == []


@proves(FaultKind.GRAPHQL_DOWN)
def test_without_graphql_only_images_are_unavailable(fly: FlyWorld) -> None:
    fly.fault(FaultKind.GRAPHQL_DOWN)
    with pytest.raises(errors.Unavailable):
        fly.client.images.resolve(fly.app, DEMO)
    assert fly.hits(FaultKind.GRAPHQL_DOWN) >= 1
    fly.client.machines.create(fly.app, fly.new())
    assert fly.client.releases.list(fly.app) == ()


@proves(FaultKind.UIEX_DOWN)
def test_without_uiex_only_releases_and_logs_are_unavailable(fly: FlyWorld) -> None:
    fly.fault(FaultKind.UIEX_DOWN)
    for attempt in (
        lambda: fly.client.releases.list(fly.app),
        lambda: fly.client.releases.current(fly.app),
        lambda: fly.client.releases.create(fly.app, image=DEMO, strategy="ROLLING"),
        lambda: fly.client.logs.page(fly.app),
    ):
        with pytest.raises(errors.Unavailable):
            attempt()
    fly.client.machines.create(fly.app, fly.new())
    assert fly.client.images.resolve(fly.app, DEMO).digest


@proves(FaultKind.TOKENS_DOWN)
def test_without_token_verification_everything_is_unauthorized_and_nothing_is_made(fly: FlyWorld) -> None:
    fly.fault(FaultKind.TOKENS_DOWN)
    for attempt in (
        lambda: fly.client.apps.get(fly.app),
        lambda: fly.client.machines.create(fly.app, fly.new()),
        lambda: fly.client.volumes.create(fly.app, VOLUME),
        fly.client.tokens.current,
    ):
        with pytest.raises(errors.Unauthorized, match="token validation error") as caught:
            attempt()
        assert caught.value.retryable
        assert "do not rotate" in caught.value.hint
    with pytest.raises(errors.Unavailable):
        fly.client.releases.list(fly.app)
    assert not fly.client.platform.regions().is_live
    fly.withdraw()
    assert fly.live_names() == []


@proves(FaultKind.TOKENS_DOWN, FaultKind.TIMEOUT_AFTER_WRITE)
def test_an_answer_lost_before_verification_goes_down_is_an_unknown_outcome(fly: FlyWorld) -> None:
    fly.lose_answer("Machines_create")
    fly.fault(FaultKind.API_DOWN, action="Machines_list")
    with pytest.raises(errors.UnknownOutcome):
        fly.client.machines.create(fly.app, fly.new())
    fly.withdraw()
    assert fly.live_names() == ["web-1"]


@proves(FaultKind.RATE_STORM)
def test_a_short_storm_is_outlasted_and_makes_nothing_twice(fly: FlyWorld) -> None:
    fly.fault(FaultKind.RATE_STORM, app=fly.app, times=3)
    assert fly.client.machines.list(fly.app) == ()
    fly.fault(FaultKind.RATE_STORM, app=fly.app, action="Machines_create", times=2)
    fly.client.machines.create(fly.app, fly.new())
    assert fly.live_names() == ["web-1"]
    assert fly.hits(FaultKind.RATE_STORM) == 5


@proves(FaultKind.RATE_STORM)
def test_a_long_storm_is_rate_limited(fly: FlyWorld) -> None:
    fly.fault(FaultKind.RATE_STORM, action="*reate*")
    for attempt in (
        lambda: fly.client.machines.create(fly.app, fly.new()),
        lambda: fly.client.volumes.create(fly.app, VOLUME),
        lambda: fly.client.ips.allocate(fly.app, IpType.V6),
        lambda: fly.client.tokens.deploy_token(fly.app, expiry="1h"),
    ):
        with pytest.raises(errors.RateLimited) as caught:
            attempt()
        assert (caught.value.status, caught.value.retry_after_s) == (429, None)
    fly.withdraw()
    assert fly.live_names() == []
    assert fly.client.volumes.list(fly.app) == ()


def test_one_client_keeps_to_the_limits_and_many_together_are_rate_limited(fly: FlyWorld) -> None:
    where = (fly.app, fly.machine().id)
    for _ in range(8):
        fly.client.machines.signal(*where, "SIGHUP")
    crowd = [fly.client_with(fly.token(f"org:{fly.organization}")) for _ in range(5)]

    def all_at_once() -> None:
        for client in crowd:
            client.machines.signal(*where, "SIGHUP")

    with pytest.raises(errors.RateLimited):
        all_at_once()


@proves(FaultKind.LATENCY)
def test_a_late_answer_is_an_answer(fly: FlyWorld) -> None:
    fly.fault(FaultKind.LATENCY, app=fly.app, delay_s=0.2)
    begun_s = fly.clock.monotonic_s()
    made = fly.client.machines.create(fly.app, fly.new())
    assert fly.clock.monotonic_s() - begun_s >= 0.2
    fly.withdraw()
    assert fly.live_names() == [made.name]


@proves(FaultKind.EMPTY_LIST)
def test_an_empty_list_is_not_believed(fly: FlyWorld) -> None:
    fly.machine()
    fly.fault(FaultKind.EMPTY_LIST, app=fly.app)
    assert fly.client.machines.list(fly.app) == ()
    with pytest.raises(errors.UncertainList, match="fly counts 1"):
        fly.client.machines.list_carefully(fly.app)


@proves(FaultKind.EMPTY_LIST)
def test_a_list_that_was_empty_once_is_read_again(fly: FlyWorld) -> None:
    machine = fly.machine()
    fly.fault(FaultKind.EMPTY_LIST, app=fly.app, times=2)
    assert [each.id for each in fly.client.machines.list_carefully(fly.app)] == [machine.id]
    assert fly.hits(FaultKind.EMPTY_LIST) == 2


@proves(FaultKind.STALE_READS)
def test_what_was_just_made_is_waited_for_though_reads_do_not_show_it(fly: FlyWorld) -> None:
    fly.fault(FaultKind.STALE_READS, delay_s=3)
    name = f"{fly.app}-2"
    assert fly.client.apps.create(name, fly.organization).name == name
    made = fly.client.machines.create(fly.app, fly.new())
    with pytest.raises(errors.MachineNotFound):
        fly.client.machines.get(fly.app, made.id)
    assert fly.client.machines.wait(fly.app, made.id, "started") == "started"


@proves(FaultKind.STALE_READS, FaultKind.TIMEOUT_AFTER_WRITE)
def test_a_lost_answer_and_stale_reads_together_make_no_second_machine(fly: FlyWorld) -> None:
    fly.fault(FaultKind.STALE_READS, delay_s=30)
    fly.lose_answer("Machines_create")
    with pytest.raises((errors.MachineNameTaken, errors.UnknownOutcome)):
        fly.client.machines.create(fly.app, fly.new())
    fly.withdraw()
    assert fly.live_names() == ["web-1"]


@proves(FaultKind.STALE_READS, FaultKind.TIMEOUT_AFTER_WRITE)
def test_a_lost_answer_and_stale_reads_together_make_no_second_volume(fly: FlyWorld) -> None:
    fly.fault(FaultKind.STALE_READS, delay_s=30)
    fly.lose_answer("Volumes_create")
    with pytest.raises(errors.UnknownOutcome):
        fly.client.volumes.create(fly.app, VOLUME)
    fly.withdraw()
    assert len(fly.client.volumes.list(fly.app)) == 1


@proves(FaultKind.TIMEOUT_AFTER_WRITE)
def test_an_answer_lost_every_time_makes_one_machine(fly: FlyWorld) -> None:
    fly.fault(FaultKind.TIMEOUT_AFTER_WRITE, action="Machines_create", app=fly.app)
    made = fly.client.machines.create(fly.app, fly.new())
    assert fly.live_names() == [made.name]
    assert fly.hits(FaultKind.TIMEOUT_AFTER_WRITE) == 1
