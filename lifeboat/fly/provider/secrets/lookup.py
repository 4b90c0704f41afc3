"""Asks the regions of a source in order, and says which answered: the failover of reading secrets.

A region that did not answer once is not asked again during the same operation. A secret counts as missing
only when every region answered; when one is silent and the others have nothing, nothing can be said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.provider.secrets.reader import NoValue, SecretsReader, SecretVersion, SourceUnreachable
from lifeboat.fly.provider.secrets.source import SecretSource

T = TypeVar("T")


class NoRegionAnswers(LifeboatError):
    """No region of a source answers: whether it has a value is not known."""


class SourceLookup:
    """Reads sources during one operation.

    Args:
        reader: gives Secrets Manager, asked with the first source, so that a resource without any needs none.
        log: gets a warning per region that does not answer.
    """

    def __init__(self, reader: Callable[[], SecretsReader], log: Callable[[str], None]) -> None:
        self._reader = reader
        self._log = log
        self._silent: dict[str, str] = {}

    def current_version(self, source: SecretSource) -> str | None:
        """Return the current version id; None when the source has no value.

        Raises:
            NoRegionAnswers: it could not be found out.
        """
        return self._ask(source, lambda region: self._reader().current_version(source.secret, region))

    def current(self, source: SecretSource) -> SecretVersion | None:
        """Return the current version with its value; None when the source has none.

        Raises:
            NoRegionAnswers: it could not be found out.
        """
        return self._ask(source, lambda region: self._reader().current(source.secret, region))

    def _ask(self, source: SecretSource, ask: Callable[[str], T]) -> T | None:
        silent = []
        for region in source.regions:
            if region in self._silent:
                silent.append(region)
                continue
            try:
                return ask(region)
            except NoValue:
                continue
            except SourceUnreachable as error:
                self._silent[region] = error.message
                silent.append(region)
                self._log(f"warning: {error.message}")
        if silent:
            raise NoRegionAnswers(
                f"secret {source.secret}: no answer from {', '.join(silent)}, and no value elsewhere",
                hint="wait for the region, or add a region that holds a replica to `regions`",
            )
        return None
