"""Secrets of an app as Fly shows them: names and digests; values only where they were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field

from lifeboat.core.secret import Secret
from lifeboat.fly.client.models.sparse import Moment, Sparse


def _wrapped(value: object) -> object:
    return Secret(value) if isinstance(value, str) else value


class AppSecret(Sparse):
    """A secret; `digest` is one-way and changes with the value."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    name: str
    digest: str = ""
    value: Annotated[Secret | None, BeforeValidator(_wrapped)] = None
    created_at: Moment = None
    updated_at: Moment = None


class SecretsWritten(Sparse):
    """The answer to a batch; the version also came as `Version` once."""

    version: int = Field(validation_alias=AliasChoices("version", "Version"))
    secrets: tuple[AppSecret, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretsVersion:
    """What a batch made: the app's secrets version, and the digests of what it set.

    A machine created or updated with `min_secrets_version` at least this one has the new values.
    """

    version: int
    digests: Mapping[str, str]
