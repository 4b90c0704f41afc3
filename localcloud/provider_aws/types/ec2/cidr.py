"""Networks in CIDR notation: checked as the genuine provider does before any call, and compared."""

from __future__ import annotations

from ipaddress import ip_network

from lifeboat.providerkit.values import Value

_EXAMPLES = {4: "10.0.0.0/16", 6: "2001:db8::/56"}


def network_problem(value: Value, version: int) -> str | None:
    """Say why a value is no network of an IP version; None when it is fine or not known yet."""
    if not isinstance(value, str):
        return None
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        return _not_a_network(value, version)
    if network.version != version or "/" not in value:
        return _not_a_network(value, version)
    try:
        ip_network(value)
    except ValueError:
        return f"{value} is an address inside a network; did you mean {network}?"
    return None


def same_network(one: object, two: object) -> bool:
    """Tell whether two texts are the same network, however they are written (`2001:DB8::/32`)."""
    if not isinstance(one, str) or not isinstance(two, str):
        return False
    try:
        return ip_network(one) == ip_network(two)
    except ValueError:
        return False


def prefix_problem(value: Value, shortest: int, longest: int) -> str | None:
    """Say why an IPv4 network has the wrong size; values that are no networks are somebody else's problem."""
    if not isinstance(value, str) or network_problem(value, 4):
        return None
    length = ip_network(value).prefixlen
    if shortest <= length <= longest:
        return None
    return f"/{length} is not between /{shortest} and /{longest}"


def _not_a_network(value: str, version: int) -> str:
    return f"{value!r} is not an IPv{version} network such as {_EXAMPLES[version]}"
