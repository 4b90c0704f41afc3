"""What can be wrong with declared secrets, found before any call. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lifeboat.fly.provider.secrets.source import name_problem, source_problem
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties


def secrets_problems(inputs: Properties) -> tuple[PropertyFailure, ...]:
    """Return the problems of inputs of the right shape; unknown parts have none, and no value is quoted."""
    return tuple(_problems(inputs))


def _problems(inputs: Properties) -> Iterator[PropertyFailure]:
    sources, values = (_known_map(inputs, part) for part in ("sources", "values"))
    for part, names in (("sources", sources), ("values", values)):
        for name in names:
            reason = name_problem(name)
            if reason is not None:
                yield PropertyFailure.at((part, name), reason)
    for name in sorted(sources.keys() & values.keys()):
        yield PropertyFailure.at(("values", name), "has a source too; declare it once")
    for name, source in sources.items():
        reason = source_problem(source) if isinstance(source, dict) else None
        if reason is not None:
            yield PropertyFailure.at(("sources", name), reason)


def _known_map(inputs: Properties, part: str) -> Properties:
    found = inputs.get(part)
    return found if isinstance(found, dict) else {}
