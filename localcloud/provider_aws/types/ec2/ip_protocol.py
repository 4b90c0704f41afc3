"""How rules of security groups name IP protocols.

EC2 keeps one spelling (`tcp` for `6` and `TCP`). The genuine provider treats the others as equal; the
stand-in asks for EC2's own, because with another one every refresh would show a change.
"""

from __future__ import annotations

from lifeboat.providerkit.values import Value

ALL = "-1"
"""Every protocol; such a rule has no ports."""

WITH_PORTS = frozenset({"tcp", "udp"})
"""Protocols whose rules need both ports."""

_NAMES = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": ALL}


def protocol_problem(value: Value) -> str | None:
    """Say how EC2 spells a protocol that is spelled otherwise; None when it is fine or not known yet."""
    if not isinstance(value, str):
        return None
    lower = value.lower()
    spelled = _NAMES.get(lower, lower)
    return None if spelled == value else f"write {spelled} for {value}: that is how EC2 keeps it"
