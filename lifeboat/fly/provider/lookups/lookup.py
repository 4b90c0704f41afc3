"""One function of the package: its declaration, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lifeboat.fly.client import FlyClient
from lifeboat.fly.provider.schema.declaration import FunctionDeclaration
from lifeboat.providerkit.values import Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """A function; `answer` gets the client and validated arguments, and only reads."""

    declaration: FunctionDeclaration
    answer: Callable[[FlyClient, Properties], Properties]
