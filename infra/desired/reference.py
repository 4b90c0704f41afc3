"""Placeholders for what only the cloud knows: ARNs, the account, the partition.

The desired model is pure, so a policy document cannot hold an ARN that AWS has not made up yet. It holds one
of these instead; the resources layer resolves them when it knows. Must never hold a provider's value. What
we name ourselves (buckets, roles, secrets) is written as a computed ARN, not as a reference, so that policies
make no dependency circles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class AccountId:
    """The twelve digits of the account the program runs in."""


@dataclass(frozen=True, slots=True)
class Partition:
    """The partition of the account: `aws`, `aws-us-gov`, `aws-cn`."""


@dataclass(frozen=True, slots=True)
class KeyRef:
    """The ARN of a key's copy in a region; `name` is the key's name in the model (`database`)."""

    name: str
    region: str


@dataclass(frozen=True, slots=True)
class NetworkRef:
    """A network of the model by its logical name; resolves to its subnets or its security group."""

    name: str


@dataclass(frozen=True, slots=True)
class DatabaseRef:
    """The ARN of a database of the model, by its logical name."""

    name: str


@dataclass(frozen=True, slots=True)
class BucketRef:
    """A bucket of the model, by its logical name; resolves to its ARN."""

    name: str


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret of the model, by its logical name; resolves to its ARN, never to its value."""

    name: str


@dataclass(frozen=True, slots=True)
class TopicRef:
    """The ARN of a notification topic of the model, by its logical name."""

    name: str


@dataclass(frozen=True, slots=True)
class RoleRef:
    """The ARN of a role of the model, by its logical name."""

    name: str


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The ARN of a managed policy of the model, by its logical name."""

    name: str


Reference: TypeAlias = (
    AccountId
    | Partition
    | KeyRef
    | NetworkRef
    | DatabaseRef
    | BucketRef
    | SecretRef
    | TopicRef
    | RoleRef
    | PolicyRef
)


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts and references, one after the other, as one text."""

    parts: tuple[str | Reference, ...]


Text: TypeAlias = str | Reference | Joined
"""A text of the model, parts of which may be known only at run time."""


def arn(service: str, region: str, resource: str) -> Joined:
    """Return `arn:<partition>:<service>:<region>:<account>:<resource>`, computed from names we chose."""
    return Joined(parts=("arn:", Partition(), f":{service}:{region}:", AccountId(), f":{resource}"))


def bucket_arn(bucket: str, path: str = "") -> Joined:
    """Return the ARN of a bucket by its physical name, or of objects in it when `path` (`/*`) is given."""
    return Joined(parts=("arn:", Partition(), f":s3:::{bucket}{path}"))


def resolve(text: Text, lookup: Callable[[Reference], T], join: Callable[[Sequence[str | T]], T]) -> str | T:
    """Replace the references of a text.

    Args:
        text: what to resolve; a plain `str` comes back as it is.
        lookup: gives the value of a reference (a plain text in a test, an output in the program).
        join: puts texts and looked-up values together in order.

    Returns:
        The text, or whatever `lookup` or `join` made of it.
    """
    if isinstance(text, str):
        return text
    if isinstance(text, Joined):
        return join([part if isinstance(part, str) else lookup(part) for part in text.parts])
    return lookup(text)
