"""A resource's URN: `urn:pulumi:<stack>::<project>::<parent types$><type>::<name>`."""

from __future__ import annotations

from dataclasses import dataclass

from lifeboat.core.errors import ConfigError

_PREFIX = "urn:pulumi:"
_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Urn:
    """The parts of a URN; `type` is the resource's own type token, without its parents'."""

    text: str
    stack: str
    project: str
    type: str
    name: str


def parse_urn(text: str) -> Urn:
    """Take a URN apart; the name may itself contain `::`.

    Raises:
        ConfigError: the text is not a URN.
    """
    parts = text.removeprefix(_PREFIX).split("::", _PARTS - 1)
    if not text.startswith(_PREFIX) or len(parts) != _PARTS:
        raise ConfigError(f"{text!r} is not a resource URN", hint="only the engine calls a provider")
    stack, project, types, name = parts
    return Urn(text=text, stack=stack, project=project, type=types.rsplit("$", 1)[-1], name=name)
