"""The loopback ports that the local cloud gives to what clients connect to.

They lie below the range from which operating systems take outgoing connections (Linux: 32768 and up, IANA:
49152 and up), so that a port is still free after a break.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

FIRST, LAST = 20_000, 29_999


def ports_of(name: str) -> Iterator[int]:
    """Yield every port of the range once, beginning with the one the name's hash points at.

    A name gets the same port again whenever it is free, also where nobody wrote the port down.
    """
    count = LAST - FIRST + 1
    start = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    for step in range(count):
        yield FIRST + (start + step) % count
