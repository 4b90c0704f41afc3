"""What an engine is made of: the inputs of a build and the cache keys that follow from them.

The CLI and the engine have separate keys because building the CLI takes minutes: a change of our language
host makes a new engine around the same CLI.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from semver import Version

from tools.engine.target import Target
from tools.engine.version import pinned_version

_HERE = Path(__file__).parent
_VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
_KEY_LENGTH = 16

CLI_PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
GO_REQUIREMENTS = _HERE / "go-requirements.txt"
"""The pinned wheel that brings Go to a machine without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything the content of a built engine depends on.

    Args:
        go_mod: the module file naming the CLI and all it needs.
        go_sum: the hashes of those modules.
        assembly: the module that lays an engine out; another layout is another engine.
        launcher: the shell script that starts the language host.
        host: the language host's files, name and content, sorted by name.
        target: the machine it is built for.
    """

    go_mod: Path
    go_sum: Path
    assembly: bytes
    launcher: bytes
    host: tuple[tuple[str, bytes], ...]
    target: Target

    @classmethod
    def of_checkout(cls, target: Target) -> Recipe:
        """Return the recipe of the checkout this module lies in."""
        return cls(
            go_mod=_HERE.parent / "go.mod",
            go_sum=_HERE.parent / "go.sum",
            assembly=(_HERE / "assembly.py").read_bytes(),
            launcher=(_HERE / "launcher.sh").read_bytes(),
            host=tuple(
                (path.name, path.read_bytes()) for path in sorted((_HERE / "language_host").glob("*.py"))
            ),
            target=target,
        )

    @property
    def version(self) -> Version:
        """The version of the CLI, as go.mod pins it."""
        return pinned_version(self.go_mod.read_text())

    @property
    def build_flags(self) -> tuple[str, ...]:
        """The flags of the official builds (pulumi `.goreleaser.yml`), minus what ties a build to a place."""
        return (
            "-trimpath",
            "-buildvcs=false",
            "-tags=osusergo grpcnotrace",
            f"-ldflags=-w -s -X {_VERSION_VARIABLE}=v{self.version}",
        )

    @property
    def cli_name(self) -> str:
        """The cache name of the built CLI."""
        return f"cli-{_digest(self._cli_parts())}"

    @property
    def engine_name(self) -> str:
        """The cache name of the finished engine."""
        host = (part for named in self.host for part in named)
        return f"engine-{_digest((*self._cli_parts(), self.assembly, self.launcher, *host))}"

    @property
    def release_name(self) -> str:
        """The cache name of the unpacked official release."""
        return f"release-v{self.version}-{self.target.release_name}"

    def _cli_parts(self) -> tuple[str | bytes, ...]:
        return (self.go_mod.read_bytes(), self.go_sum.read_bytes(), *self.build_flags, str(self.target))


def _digest(parts: Iterable[str | bytes]) -> str:
    """Hash parts with their lengths, so that no two lists of parts look alike."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(f"{len(data)}:".encode() + data)
    return digest.hexdigest()[:_KEY_LENGTH]
