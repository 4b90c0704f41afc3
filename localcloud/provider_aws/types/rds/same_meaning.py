"""Values that RDS spells differently from the program and that mean the same. Pure."""

from __future__ import annotations


def same_but_for_case(one: object, two: object) -> bool:
    """Tell whether two texts differ in case only: RDS keeps most names in lower case."""
    return isinstance(one, str) and isinstance(two, str) and one.lower() == two.lower()


def same_database(one: object, two: object) -> bool:
    """Tell whether an identifier and an ARN name the same database.

    RDS shows the source of a replica by identifier in its own region, however the program named it.
    """
    if not isinstance(one, str) or not isinstance(two, str):
        return False
    name, other = sorted((one, two), key=len)
    return name == other or (not name.startswith("arn:") and other.endswith(f":db:{name}"))
