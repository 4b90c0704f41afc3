"""What an image reference names on the emulated Fly.

Every well-formed reference resolves; nothing is pulled. Four repository names are images that misbehave or
weigh nothing, every other one holds the demo app: an honest limit of the local cloud. Whether an image is
gone (the declared fault) is asked by who places machines, with `Image.reference`.
"""

from __future__ import annotations

import hashlib
import re
import sys
from dataclasses import dataclass
from enum import StrEnum

_DOCKER_HUB = "registry-1.docker.io"
_DOCKER_NAMES = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io"})
_LONGEST_NAME = 255
# The grammar of github.com/distribution/reference: [host[:port]/]path[:tag][@digest].
_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_HOST_LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_REFERENCE = re.compile(
    rf"(?:(?P<registry>{_HOST_LABEL}(?:\.{_HOST_LABEL})*(?::[0-9]+)?)/)?"
    rf"(?P<repository>{_PATH.pattern})"
    r"(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
    r"(?:@(?P<digest>sha256:[0-9a-f]{64}))?"
)


class ImageKind(StrEnum):
    """What a machine of an image does."""

    DEMO = "demo"
    CRASH = "crash"
    HANG = "hang"
    UNHEALTHY = "unhealthy"
    LIGHT = "light"
    """Has no process at all: a record that changes its state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image, resolved.

    Args:
        registry: host of the registry, as Fly's `image_ref` shows it.
        repository: name below it; Docker Hub's short names carry `library/`.
        tag: `latest` when the reference names neither a tag nor a digest; empty when only a digest.
        digest: `sha256:` and 64 hexadecimal digits.
        kind: what its machines do.
        version: what the demo app says it is: the tag, or the digest's first 12 digits when one was named.
    """

    registry: str
    repository: str
    tag: str
    digest: str
    kind: ImageKind
    version: str

    @property
    def reference(self) -> str:
        """The full name with its digest."""
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.registry}/{self.repository}{tag}@{self.digest}"


def resolve(reference: str) -> Image | None:
    """Return the image of a reference, None when the reference is malformed.

    The digest of a tag is made from registry, repository and tag, so it is the same everywhere and always.
    """
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return None
    registry, repository = _place(found["registry"], found["repository"])
    if len(repository) > _LONGEST_NAME or not _PATH.fullmatch(repository):
        return None
    tag = found["tag"] or ("" if found["digest"] else "latest")
    digest = found["digest"] or _digest_of(f"{registry}/{repository}:{tag}")
    version = digest.removeprefix("sha256:")[:12] if found["digest"] else tag
    return Image(
        registry=registry,
        repository=repository,
        tag=tag,
        digest=digest,
        kind=_kind_of(repository),
        version=version,
    )


def command_of(image: Image) -> list[str]:
    """Return the argv of a machine's process; empty for a light image, which has none."""
    if image.kind is ImageKind.LIGHT:
        return []
    # -P keeps the process from importing what lies in its working directory, the machine's file system.
    command = [sys.executable, "-P", "-m", f"localcloud.fly.images.{image.kind}"]
    return [*command, "--version", image.version] if image.kind is ImageKind.DEMO else command


def _place(registry: str | None, repository: str) -> tuple[str, str]:
    """Tell a registry from the first part of a path, as Docker does: by a dot, a port or `localhost`."""
    if registry is not None and not ({".", ":"} & set(registry) or registry == "localhost"):
        registry, repository = None, f"{registry}/{repository}"
    if registry is None or registry in _DOCKER_NAMES:
        return _DOCKER_HUB, repository if "/" in repository else f"library/{repository}"
    return registry, repository


def _kind_of(repository: str) -> ImageKind:
    name = repository.rsplit("/", 1)[-1]
    return next((kind for kind in ImageKind if name.endswith(f"lifeboat-{kind}")), ImageKind.DEMO)


def _digest_of(name: str) -> str:
    return f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"
