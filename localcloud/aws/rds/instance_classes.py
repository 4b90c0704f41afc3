"""Instance classes as RDS names them, and which of them it offers for PostgreSQL.

RDS user guide, "Supported DB engines for DB instance classes". A class is only a name here: whatever it is,
the server behind it is this machine's.
"""

from __future__ import annotations

import re
from enum import StrEnum

_CLASS = re.compile(r"db\.([a-z]+\d+[a-z-]*)\.([a-z0-9]+)")
_BURSTABLE = ("t3", "t4g")
_OFFERED = (
    *("m5", "m5d", "m6g", "m6gd", "m6i", "m6id", "m6idn", "m6in", "m7g", "m7i", "m8g", "m8gd"),
    *("r5", "r5b", "r5d", "r6g", "r6gd", "r6i", "r6id", "r6idn", "r6in", "r7g", "r7i", "r8g", "r8gd"),
    *("x2g", "x2idn", "x2iedn"),
)
_KNOWN = ("c6gd", "m1", "m2", "m3", "m4", "r3", "r4", "t1", "t2", "x1", "x1e", "x2iezn", "z1d")
"""Retired, or offered for other engines or for clusters only."""

_SMALL = {"micro", "small", "medium", "large", "xlarge", "2xlarge"}
_LARGE = {"large", "xlarge", *(f"{n}xlarge" for n in (2, 4, 8, 12, 16, 24, 32, 48))}


class Offer(StrEnum):
    """What RDS says to a class."""

    OFFERED = "offered"
    NOT_FOR_POSTGRESQL = "not for postgresql"
    UNKNOWN = "unknown"


def offer_of(name: str) -> Offer:
    """Tell whether a class such as `db.t4g.micro` can be had for PostgreSQL."""
    found = _CLASS.fullmatch(name)
    if found is None:
        return Offer.UNKNOWN
    family, size = found[1], found[2]
    if family in _BURSTABLE:
        return Offer.OFFERED if size in _SMALL else Offer.UNKNOWN
    if family in _OFFERED:
        return Offer.OFFERED if size in _LARGE else Offer.UNKNOWN
    is_size = size in _SMALL | _LARGE
    return Offer.NOT_FOR_POSTGRESQL if family in _KNOWN and is_size else Offer.UNKNOWN
