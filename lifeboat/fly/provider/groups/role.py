"""What a machine of a group is there for."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """Active machines serve; standbys are made, kept current, cordoned and stopped until a recovery."""

    ACTIVE = "active"
    STANDBY = "standby"
