"""Where addresses come from: ranges reserved for documentation, so that none of them leads anywhere.

Private (Flycast) addresses lie in `fdaa:`, as on Fly: flyctl tells them by that prefix. A released address
is not given out again at once.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from localcloud.fly.ids import Ids
from localcloud.fly.wire_error import WireError

_RANGES = {
    "v4": ip_network("198.51.100.0/24"),
    "egress_v4": ip_network("203.0.113.0/24"),
    "v6": ip_network("2001:db8:1::/64"),
    "egress_v6": ip_network("2001:db8:e::/64"),
    "private_v6": ip_network("fdaa:0:1bad:0:1::/80"),
}
SHARED_V4 = "192.0.2.1"
"""The one address of every app that shares."""


def draw(ids: Ids, type_name: str, taken: set[str]) -> str:
    """Return a free address of a type, in its shortest form.

    Raises:
        WireError: 422, the range is used up.
    """
    network = _RANGES[type_name]
    size = min(network.num_addresses, 2**32) - 2
    start = ids.number(size)
    for step in range(min(size, len(taken) + 1)):
        candidate = str(network[1 + (start + step) % size])
        if candidate not in taken:
            return candidate
    raise WireError(422, f"no {type_name} addresses are available")


def shortest(text: str) -> str:
    """Return an address in its shortest form; text that is none as it is."""
    try:
        return str(ip_address(text))
    except ValueError:
        return text
