"""Which versions of the CLI will do: `>=3.250.0,<4.0.0`, compared as semantic versions."""

from __future__ import annotations

import re

from semver import Version

OLDEST = Version(3, 250, 0)
WANTED = ">=3.250.0,<4.0.0"


def parse_version(text: str) -> Version | None:
    """Read what `pulumi version` prints (`v3.250.0`); None when it is not a semantic version."""
    number = text.strip().removeprefix("v")
    return Version.parse(number) if Version.is_valid(number) else None


def fits(version: Version) -> bool:
    """Tell whether a CLI of this version can run the project.

    A pre-release counts below its release, so 3.250.0-rc.1 does not fit; one of the next major never does,
    although by precedence alone 4.0.0-alpha lies below 4.0.0.
    """
    return version.major == OLDEST.major and version >= OLDEST


def pinned_version(go_mod: str) -> Version:
    """Return the CLI version that a go.mod requires.

    Raises:
        ValueError: the file does not require the CLI module.
    """
    found = re.search(r"^\s*(?:require\s+)?github\.com/pulumi/pulumi/pkg/v3 v(\S+)", go_mod, re.MULTILINE)
    if found is None:
        msg = "go.mod does not require the pulumi CLI module"
        raise ValueError(msg)
    return Version.parse(found.group(1))
