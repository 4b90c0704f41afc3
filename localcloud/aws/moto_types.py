"""The one name for what belongs to moto: its internals are not ours to describe."""

from __future__ import annotations

from typing import Any

MotoObject = Any
"""A module, class or model object of moto; held by the pinned version and one test per repair."""
