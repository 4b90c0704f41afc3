"""One authority per directory, private, renewed in time, and trusted for this machine only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lifeboat.core.clock import ManualClock
from lifeboat.core.errors import ConfigError
from localcloud.postgres.authority import Authority

START = datetime(2026, 1, 1, tzinfo=UTC)


def _certificate(authority: Authority) -> x509.Certificate:
    return x509.load_pem_x509_certificate(authority.ca_file.read_bytes())


def test_its_files_are_private_and_nothing_else_is_left(tmp_path: Path) -> None:
    Authority(tmp_path / "tls").context("orders", "us-west-1")
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "tls").iterdir()}
    assert modes == {"ca.pem": 0o600, "ca.key": 0o600}


def test_files_that_were_opened_up_are_closed_again(tmp_path: Path) -> None:
    Authority(tmp_path)
    for file in tmp_path.iterdir():
        file.chmod(0o644)
    Authority(tmp_path)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_it_is_made_once_per_directory(tmp_path: Path) -> None:
    clock = ManualClock(START)
    first = _certificate(Authority(tmp_path / "one", clock=clock))
    assert _certificate(Authority(tmp_path / "one", clock=clock)) == first
    assert _certificate(Authority(tmp_path / "two", clock=clock)).public_key() != first.public_key()


def test_it_is_renewed_a_year_before_it_ends_with_the_same_key(tmp_path: Path) -> None:
    clock = ManualClock(START)
    first = _certificate(Authority(tmp_path, clock=clock))
    clock.advance(timedelta(days=9 * 365 - 1))
    assert _certificate(Authority(tmp_path, clock=clock)) == first
    clock.advance(timedelta(days=2))
    renewed = _certificate(Authority(tmp_path, clock=clock))
    assert renewed.public_key() == first.public_key()
    assert renewed.not_valid_after_utc - clock.now() > timedelta(days=3600)


def test_an_authority_whose_making_was_interrupted_is_completed(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    first = _certificate(authority)
    authority.ca_file.unlink()
    assert _certificate(Authority(tmp_path)).public_key() == first.public_key()


def test_a_certificate_without_its_key_is_replaced(tmp_path: Path) -> None:
    first = _certificate(Authority(tmp_path))
    (tmp_path / "ca.key").unlink()
    assert _certificate(Authority(tmp_path)).public_key() != first.public_key()


@pytest.mark.parametrize("name", ["ca.key", "ca.pem"])
def test_a_damaged_file_is_named_and_not_replaced(tmp_path: Path, name: str) -> None:
    Authority(tmp_path)
    (tmp_path / name).write_text("damaged")
    with pytest.raises(ConfigError, match=str(tmp_path)):
        Authority(tmp_path)
    assert (tmp_path / name).read_text() == "damaged"


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "ca.key").write_bytes(key)
    with pytest.raises(ConfigError, match="not a key of ours"):
        Authority(tmp_path)


def test_it_may_sign_for_this_machine_and_rds_local_only(tmp_path: Path) -> None:
    allowed = _certificate(Authority(tmp_path)).extensions.get_extension_for_class(x509.NameConstraints)
    assert allowed.critical
    assert {each.value for each in allowed.value.permitted_subtrees or ()} == {
        "localhost",
        "rds.local",
        ip_network("127.0.0.0/8"),
        ip_network("::1/128"),
    }


def test_a_server_keeps_its_certificate_until_a_month_before_it_ends(tmp_path: Path) -> None:
    clock = ManualClock(START)
    authority = Authority(tmp_path, clock=clock)
    first = authority.context("orders", "us-west-1")
    clock.advance(timedelta(days=366))
    assert authority.context("orders", "us-west-1") is first
    clock.advance(timedelta(days=2))
    assert authority.context("orders", "us-west-1") is not first
