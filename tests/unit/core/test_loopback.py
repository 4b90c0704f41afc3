"""What counts as this machine."""

from __future__ import annotations

import pytest

from lifeboat.core.loopback import is_loopback


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://127.0.0.1:1/x", True),
        ("http://localhost/x", True),
        ("https://[::1]/x", True),
        ("https://example.org/x", False),
        ("https://10.0.0.1/x", False),
        ("http://localhost.example.org", False),
        ("http://localhost@example.org", False),
        ("http://user@localhost", False),
        ("ftp://127.0.0.1", False),
        ("http://[::1", False),
        ("not a url", False),
        ("", False),
    ],
)
def test_only_this_machine_is_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected
