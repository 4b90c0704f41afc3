"""A type's patterns, parsed once and asked about often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lifeboat.providerkit.compare import Rules
from lifeboat.providerkit.paths import Path, parse_path, starts_with
from lifeboat.providerkit.values import Value
from localcloud.provider_aws.resource_type import ResourceType, Same
from localcloud.provider_aws.same_json import same_json
from localcloud.provider_aws.shape import Shape

REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What a type says about paths; `hits` asks."""

    force_new: tuple[Path, ...]
    sticky: tuple[Path, ...]
    unordered: tuple[Path, ...]
    json: tuple[Path, ...]
    same: Mapping[Path, Same]
    write_only: tuple[Path, ...]
    defaults: Mapping[Path, Value]

    def rules(self, ignored: tuple[Path, ...]) -> Rules:
        """Return how to compare inputs of the type."""
        return Rules(
            force_new=self.force_new,
            ignored=ignored,
            unordered=self.unordered,
            sticky=self.sticky,
            same=self.means_the_same,
        )

    def means_the_same(self, path: Path, old: object, new: object) -> bool:
        """Tell whether two different values of a property mean the same."""
        if hits(path, self.json):
            return same_json(old, new)
        return any(hits(path, (pattern,)) and same(old, new) for pattern, same in self.same.items())


def hits(path: Path, patterns: tuple[Path, ...]) -> bool:
    """Tell whether a path is, or lies under, something the patterns name."""
    return any(starts_with(path, pattern) for pattern in patterns)


def patterns_of(kind: ResourceType, shape: Shape) -> Patterns:
    """Parse a type's patterns; a type that cannot be updated is replaced by every change."""
    region = (REGION,) if REGION in shape.inputs else ()
    force_new = kind.force_new if kind.update else tuple(shape.inputs)
    return Patterns(
        force_new=_parse((*force_new, *region)),
        sticky=_parse((*kind.sticky, *region)),
        unordered=_parse(kind.unordered),
        json=_parse(kind.json),
        same={parse_path(text): same for text, same in kind.same.items()},
        write_only=_parse(kind.write_only),
        defaults={parse_path(text): value for text, value in kind.defaults.items()},
    )


def _parse(texts: tuple[str, ...] | Mapping[str, str]) -> tuple[Path, ...]:
    return tuple(parse_path(text) for text in texts)
