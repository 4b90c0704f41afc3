"""Apps, organisations, tokens and the platform; logs, releases and images, which are best effort."""

from __future__ import annotations

import pytest

from lifeboat.fly.client import errors
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.platform import PlacementWish
from tests.contract.fly_world import DEMO, FlyWorld


def test_an_app_is_made_shown_listed_and_deleted(fly: FlyWorld) -> None:
    name = f"{fly.app}-2"
    made = fly.client.apps.create(name, fly.organization, network="6pn-two", enable_subdomains=True)
    assert (made.name, made.organization.slug, made.network) == (name, fly.organization, "6pn-two")
    assert made.id
    assert fly.client.apps.get(name) == made
    assert {app.name for app in fly.client.apps.list(fly.organization)} == {fly.app, name}
    fly.client.apps.delete(name)
    fly.pass_time(1)
    with pytest.raises(errors.AppNotFound):
        fly.client.apps.get(name)
    fly.client.apps.delete(name)


def test_a_name_is_taken_for_everybody_else_and_kept_for_the_same_key(fly: FlyWorld) -> None:
    with pytest.raises(errors.NameTaken) as caught:
        fly.client.apps.create(fly.app, fly.organization)
    assert caught.value.status == 422
    name = f"{fly.app}-2"
    first = fly.client.apps.create(name, fly.organization, idempotency_key="the-key")
    assert fly.client.apps.create(name, fly.organization, idempotency_key="the-key").id == first.id
    with pytest.raises(errors.InvalidRequest):
        fly.client.apps.create(f"{name}3", fly.organization, idempotency_key="the-key")


@pytest.mark.parametrize("name", ["UPPER", "x" * 63, "-a", "a b", "ä", "a/b", "a\x00", "..", "a" * 10_000])
def test_a_name_that_is_none_is_an_invalid_request(fly: FlyWorld, name: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.apps.create(name, fly.organization)


@pytest.mark.parametrize("name", ["nobody", "a/b", "a%2Fmachines", "UPPER", "é", "web?x=1", "#", "\n", "%00"])
def test_an_app_that_is_none_is_not_found_whatever_it_is_called(fly: FlyWorld, name: str) -> None:
    for attempt in (
        lambda: fly.client.apps.get(name),
        lambda: fly.client.machines.list(name),
        lambda: fly.client.machines.create(name, fly.new()),
        lambda: fly.client.secrets.list(name),
        lambda: fly.client.volumes.list(name),
        lambda: fly.client.ips.list(name),
        lambda: fly.client.certificates.list(name),
        lambda: fly.client.tokens.deploy_token(name, expiry="1h"),
    ):
        with pytest.raises(errors.AppNotFound):
            attempt()


def test_an_app_of_another_organisation_is_forbidden(fly: FlyWorld) -> None:
    stranger = fly.client_with(fly.token("org:personal"))
    machine = fly.machine()
    for attempt in (
        lambda: stranger.apps.get(fly.app),
        lambda: stranger.apps.delete(fly.app),
        lambda: stranger.machines.list(fly.app),
        lambda: stranger.machines.list_carefully(fly.app),
        lambda: stranger.machines.destroy(fly.app, machine.id, force=True),
        lambda: stranger.leases.take(fly.app, machine.id),
        lambda: stranger.volumes.create(fly.app, NewVolume(name="data", region="fra")),
        lambda: stranger.secrets.list(fly.app),
        lambda: stranger.ips.list(fly.app),
        lambda: stranger.certificates.list(fly.app),
        lambda: stranger.apps.list(fly.organization),
        lambda: stranger.apps.create(f"{fly.app}-2", fly.organization),
        lambda: stranger.orgs.machines(fly.organization),
        lambda: stranger.orgs.volumes(fly.organization),
    ):
        with pytest.raises(errors.Forbidden) as caught:
            attempt()
        assert caught.value.status == 403
    with pytest.raises(errors.NameTaken):
        stranger.apps.create(fly.app, "personal")
    assert fly.live_names() == ["web-1"]


def test_an_organisation_that_is_none_is_not_found(fly: FlyWorld) -> None:
    for attempt in (
        lambda: fly.client.apps.list("nobody"),
        lambda: fly.client.apps.create(f"{fly.app}-2", "nobody"),
        lambda: fly.client.orgs.machines("nobody"),
    ):
        with pytest.raises(errors.NotFound):
            attempt()


def test_a_deploy_token_opens_its_app_and_nothing_else(fly: FlyWorld) -> None:
    deployer = fly.client_with(fly.client.tokens.deploy_token(fly.app, expiry="1h").reveal())
    assert deployer.apps.get(fly.app).name == fly.app
    (scope,) = deployer.tokens.current()
    assert scope.apps == (fly.app,)
    with pytest.raises(errors.Forbidden):
        deployer.apps.create(f"{fly.app}-2", fly.organization)
    fly.client.apps.create(f"{fly.app}-2", fly.organization)
    with pytest.raises(errors.Forbidden):
        deployer.apps.get(f"{fly.app}-2")
    assert deployer.machines.list_carefully(fly.app) == ()


def test_a_deploy_token_expires(fly: FlyWorld) -> None:
    deployer = fly.client_with(fly.client.tokens.deploy_token(fly.app, expiry="1h").reveal())
    fly.pass_time(3700)
    with pytest.raises(errors.Unauthorized):
        deployer.apps.get(fly.app)


def test_an_expiry_that_is_no_length_is_an_invalid_request(fly: FlyWorld) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.tokens.deploy_token(fly.app, expiry="tomorrow")


def test_the_platform_names_its_regions_and_places_machines(fly: FlyWorld) -> None:
    regions = fly.client.platform.regions()
    assert regions.is_live
    assert {"fra", "sjc", "ord", "iad"} <= regions.codes
    assert "sea" not in regions.codes
    assert regions.problem("sea")
    wish = PlacementWish(organization=fly.organization, regions="fra,eu", count=3)
    placements = fly.client.platform.placements(wish)
    assert sum(placement.count for placement in placements) == 3
    assert placements[0].region == "fra"


def test_an_organisation_shows_what_all_its_apps_have(fly: FlyWorld) -> None:
    other = f"{fly.app}-2"
    fly.client.apps.create(other, fly.organization)
    here, there = fly.machine(), fly.client.machines.create(other, fly.new(region="ord"))
    volume = fly.client.volumes.create(other, NewVolume(name="data", region="ord", size_gb=1))
    seen = fly.client.orgs.machines(fly.organization)
    assert seen.error_regions == ()
    assert {(each.id, each.app_name) for each in seen.items} == {(here.id, fly.app), (there.id, other)}
    in_ord = fly.client.orgs.machines(fly.organization, region="ord").items
    assert [each.id for each in in_ord] == [there.id]
    (row,) = fly.client.orgs.volumes(fly.organization).items
    assert (row.id, row.app_name) == (volume.id, other)


def test_logs_come_in_pages_and_end(fly: FlyWorld) -> None:
    machine = fly.machine(image=DEMO)
    assert fly.client.machines.wait(fly.app, machine.id, "started") == "started"
    lines = list(fly.client.logs.recent(fly.app))
    assert all(line.instance == machine.id and line.region == "fra" for line in lines)
    page = fly.client.logs.page(fly.app, region="ord")
    assert page.lines == ()


def test_releases_are_recorded_for_people_and_for_flyctl(fly: FlyWorld) -> None:
    assert fly.client.releases.current(fly.app) is None
    image = fly.client.images.resolve(fly.app, DEMO)
    assert image.digest.startswith("sha256:")
    made = fly.client.releases.create(fly.app, image=f"{DEMO}@{image.digest}", strategy="ROLLING")
    fly.client.releases.update(made.id, status="complete")
    current = fly.client.releases.current(fly.app)
    assert current is not None
    assert (current.id, current.version) == (made.id, 1)
    assert [release.id for release in fly.client.releases.list(fly.app)] == [made.id]


def test_an_image_is_resolved_as_machines_show_it(fly: FlyWorld) -> None:
    machine = fly.machine(image=DEMO)
    assert machine.image_ref is not None
    assert fly.client.images.resolve(fly.app, DEMO).digest == machine.image_ref.digest
    with pytest.raises(errors.NotFound):
        fly.client.images.resolve("nobody-here", DEMO)
