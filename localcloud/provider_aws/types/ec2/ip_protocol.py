"""How rules of security groups name IP protocols: EC2 keeps one spelling (`tcp` for `6` and `TCP`)."""

from __future__ import annotations

ALL = "-1"
"""Every protocol; such a rule has no ports."""

WITH_PORTS = frozenset({"tcp", "udp"})
"""Protocols whose rules need both ports."""

_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": ALL}


def protocol_name(text: str) -> str:
    """Return a protocol as EC2 spells it."""
    lower = text.lower()
    return _NAMES.get(lower, lower)


def same_protocol(one: object, two: object) -> bool:
    """Tell whether two texts name the same protocol."""
    return isinstance(one, str) and isinstance(two, str) and protocol_name(one) == protocol_name(two)
