"""A check: what it reads and how it finds problems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from infra.config.environment import EnvironmentConfig
from infra.config.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A rule over several keys.

    Args:
        needs: the sections it reads; it must look at nothing else, the rest may not be there.
        find: yields what is wrong.
    """

    needs: tuple[str, ...]
    find: Callable[[EnvironmentConfig], Iterator[Problem]]
