"""What an app has beside machines: volumes, secrets, addresses, certificates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lifeboat.core.secret import Secret
from lifeboat.fly.client import errors
from lifeboat.fly.client.models.ip import IpType
from lifeboat.fly.client.models.new_volume import NewVolume
from lifeboat.fly.client.models.volume import Volume
from tests.contract.fly_world import FlyWorld
from tests.fly_emulator.certificate_maker import make_chain

HOST = "www.example.com"


def _volume(fly: FlyWorld, name: str = "data", region: str = "fra", **wish: object) -> Volume:
    made = fly.client.volumes.create(fly.app, NewVolume(name=name, region=region, **wish))  # type: ignore[arg-type]  # each test's own fields
    return fly.client.volumes.wait_created(fly.app, made.id)


def test_a_volume_is_made_changed_grown_and_removed(fly: FlyWorld) -> None:
    volumes = fly.client.volumes
    volume = _volume(fly, size_gb=1, snapshot_retention=7)
    assert (volume.size_gb, volume.encrypted, volume.snapshot_retention) == (1, True, 7)
    assert (volume.host_status, volume.zone[:3], volume.attached_machine_id) == ("ok", "fra", "")
    assert volumes.update(fly.app, volume.id, snapshot_retention=9).snapshot_retention == 9
    assert volumes.extend(fly.app, volume.id, 4).volume.size_gb == 4
    assert volumes.extend(fly.app, volume.id, 4).volume.size_gb == 4
    with pytest.raises(errors.InvalidRequest):
        volumes.extend(fly.app, volume.id, 2)
    volumes.destroy(fly.app, volume.id)
    volumes.destroy(fly.app, volume.id)
    assert volumes.list(fly.app) == ()
    assert [each.id for each in volumes.list(fly.app, include_gone=True)] == [volume.id]
    with pytest.raises(errors.VolumeGone):
        volumes.wait_created(fly.app, volume.id)
    fly.pass_time(90_000)
    with pytest.raises(errors.VolumeNotFound):
        volumes.get(fly.app, volume.id)


def test_a_snapshot_is_restored_into_another_region(fly: FlyWorld) -> None:
    volume = _volume(fly, size_gb=2)
    snapshot = fly.client.volumes.snapshots.create(fly.app, volume.id)
    assert [each.id for each in fly.client.volumes.snapshots.list(fly.app, volume.id)] == [snapshot.id]
    restored = _volume(fly, region="ord", snapshot_id=snapshot.id)
    assert (restored.region, restored.size_gb) == ("ord", 2)
    with pytest.raises(errors.InvalidRequest):
        _volume(fly, region="ams", snapshot_id=snapshot.id, size_gb=1)
    with pytest.raises(errors.NotFound):
        _volume(fly, snapshot_id="vs_nope")


def test_a_volume_is_forked(fly: FlyWorld) -> None:
    source = _volume(fly, size_gb=2)
    fork = _volume(fly, name="copy", source_volume_id=source.id)
    assert (fork.size_gb, fork.id != source.id) == (2, True)


@pytest.mark.parametrize("region", ["eu", "sea", "", "fra,ams"])
def test_a_volume_takes_one_concrete_region(fly: FlyWorld, region: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        _volume(fly, region=region)


@pytest.mark.parametrize("name", ["Data", "a-b", "", "x" * 31])
def test_a_volume_name_that_is_none_is_an_invalid_request(fly: FlyWorld, name: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        _volume(fly, name=name)


def test_volumes_of_one_name_need_zones_of_their_own(fly: FlyWorld) -> None:
    hosts = fly.admin("GET", "hosts")["hosts"]
    zones = {host["zone"] for host in hosts if host["region"] == "fra"}
    assert len(zones) > 1
    assert {_volume(fly, size_gb=1).zone for _ in zones} == zones
    with pytest.raises(errors.Capacity) as caught:
        _volume(fly, size_gb=1)
    assert caught.value.scope is errors.CapacityScope.REGION
    assert _volume(fly, size_gb=1, require_unique_zone=False).zone in zones


def test_secrets_are_set_and_removed_in_one_versioned_batch(fly: FlyWorld) -> None:
    secrets = fly.client.secrets
    first = secrets.set_many(fly.app, {"A": Secret("one"), "B": Secret("two")})
    second = secrets.set_many(fly.app, {"A": Secret("changed"), "B": None})
    assert (first.version, second.version) == (1, 2)
    assert first.digests["A"] != second.digests["A"]
    (listed,) = secrets.list(fly.app, min_version=2)
    assert (listed.name, listed.digest, listed.value) == ("A", second.digests["A"], None)
    assert secrets.reveal(fly.app) == {"A": Secret("changed")}
    with pytest.raises(errors.PreconditionFailed):
        secrets.list(fly.app, min_version=3)
    assert secrets.delete(fly.app, "A") == 3
    assert secrets.delete(fly.app, "A") is None


def test_a_deploy_token_never_sees_values(fly: FlyWorld) -> None:
    fly.client.secrets.set_many(fly.app, {"A": Secret("one")})
    deployer = fly.client_with(fly.client.tokens.deploy_token(fly.app, expiry="1h").reveal())
    assert [secret.name for secret in deployer.secrets.list(fly.app)] == ["A"]
    with pytest.raises(errors.Forbidden):
        deployer.secrets.reveal(fly.app)


@pytest.mark.parametrize("name", ["1A", "A-B", "", "Ä", "A" * 300, "A B", "A\n"])
def test_a_batch_with_one_bad_name_sets_nothing(fly: FlyWorld, name: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.secrets.set_many(fly.app, {"GOOD": Secret("one"), name: Secret("two")})
    assert fly.client.secrets.list(fly.app) == ()


def test_an_empty_batch_is_never_sent(fly: FlyWorld) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.secrets.set_many(fly.app, {})


@pytest.mark.parametrize("kind", list(IpType))
def test_every_kind_of_address_is_given_recognised_and_taken_back(fly: FlyWorld, kind: IpType) -> None:
    region = "fra" if kind.value.startswith("egress") else None
    given = fly.client.ips.allocate(fly.app, kind, region=region)
    assert given.type is kind
    assert {each.ip for each in fly.client.ips.list(fly.app)} == set(given.addresses)
    for address in given.addresses:
        fly.client.ips.release(fly.app, address)
        fly.client.ips.release(fly.app, address)
    assert fly.client.ips.list(fly.app) == ()


def test_egress_addresses_need_a_region_and_come_once_per_region(fly: FlyWorld) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.ips.allocate(fly.app, IpType.EGRESS_PAIR)
    fly.client.ips.allocate(fly.app, IpType.EGRESS_PAIR, region="fra")
    with pytest.raises(errors.InvalidRequest):
        fly.client.ips.allocate(fly.app, IpType.EGRESS_PAIR, region="fra")
    assert fly.client.ips.allocate(fly.app, IpType.EGRESS_PAIR, region="ord").addresses


@pytest.mark.parametrize("ip", ["1.2.3.4", "::1", "no address", "a/b", "%2e"])
def test_an_address_the_app_does_not_have_is_released(fly: FlyWorld, ip: str) -> None:
    fly.client.ips.release(fly.app, ip)


def test_a_certificate_is_asked_for_becomes_active_and_is_removed(fly: FlyWorld) -> None:
    certificates, hostname = fly.client.certificates, f"{fly.app}.example.com"
    fly.client.ips.allocate(fly.app, IpType.V6)
    asked = certificates.request_acme(fly.app, hostname)
    assert asked.status != "active"
    assert asked.dns_requirements.aaaa
    assert certificates.request_acme(fly.app, hostname).hostname == hostname
    assert certificates.wait_active(fly.app, hostname).status == "active"
    assert certificates.check(fly.app, hostname).configured
    (listed,) = certificates.list(fly.app, containing="example")
    assert (listed.hostname, listed.has_fly_certificate) == (hostname, True)
    certificates.delete(fly.app, hostname)
    certificates.delete(fly.app, hostname)
    with pytest.raises(errors.NotFound):
        certificates.get(fly.app, hostname)


def test_a_certificate_whose_dns_is_not_set_stays_pending_and_says_why(fly: FlyWorld) -> None:
    fly.client.certificates.request_acme(fly.app, "www.example.invalid")
    with pytest.raises(errors.WaitTimeout, match=r"www\.example\.invalid"):
        fly.client.certificates.wait_active(fly.app, "www.example.invalid", deadline_s=60)


def test_an_own_certificate_is_imported_replaced_and_removed(fly: FlyWorld) -> None:
    chain, key = make_chain(HOST, not_after=fly.clock.now() + timedelta(days=30))
    certificates = fly.client.certificates
    detail = certificates.import_custom(fly.app, HOST, fullchain=chain, private_key=Secret(key))
    assert {each.source for each in detail.certificates} == {"custom"}
    certificates.import_custom(fly.app, HOST, fullchain=chain, private_key=Secret(key))
    assert "PRIVATE KEY" not in repr(certificates.get(fly.app, HOST))
    certificates.delete_custom(fly.app, HOST)
    certificates.delete(fly.app, HOST)
    assert certificates.list(fly.app) == ()


@pytest.mark.parametrize(
    "hostname", ["no host", "-a.example.com", "", "a" * 300, "*.*.example.com", "localhost"]
)
def test_a_host_name_that_is_none_is_an_invalid_request(fly: FlyWorld, hostname: str) -> None:
    with pytest.raises(errors.InvalidRequest):
        fly.client.certificates.request_acme(fly.app, hostname)


def test_a_chain_that_is_none_is_an_invalid_request_and_its_key_is_not_repeated(fly: FlyWorld) -> None:
    with pytest.raises(errors.InvalidRequest) as caught:
        fly.client.certificates.import_custom(
            fly.app, HOST, fullchain="nothing", private_key=Secret("a-private-canary")
        )
    assert "a-private-canary" not in str(caught.value)
    assert fly.client.certificates.list(fly.app) == ()
