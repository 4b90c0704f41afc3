"""The settings file of `local-<environment>`: nothing but the salt of the committed stack `local`.

Pulumi keeps a stack's settings where the environments' data lies and under the same kind of name. The data
of `local-production` is that of `production`; its settings file exists only because the engine wants a salt
there. It is git-ignored. Committed files are never written.
"""

from __future__ import annotations

import re

from lifeboat.core.errors import ConfigError
from localcloud.stack.home import LocalHome

KEY = "encryptionsalt"
_LINE = re.compile(rf"^{KEY}:[ \t]*(\S+)[ \t]*$", re.MULTILINE)


def ensure_settings(stack: str, home: LocalHome) -> None:
    """Write the settings of a local stack where they are missing or hold another salt.

    Raises:
        ConfigError: the committed settings hold no salt.
    """
    salt = shared_salt(home)
    path = home.settings(stack)
    if path == home.shared_settings:
        return
    held = path.read_text() if path.exists() else ""
    wanted = with_salt(held, salt)
    if wanted != held:
        path.write_text(wanted)


def shared_salt(home: LocalHome) -> str:
    """Return the salt of the committed stack `local`.

    Raises:
        ConfigError: its settings are missing or hold none.
    """
    path = home.shared_settings
    found = _LINE.search(path.read_text()) if path.exists() else None
    if found is None:
        raise ConfigError(
            f"{path}: {KEY}: missing",
            hint=f"it is a committed file: git checkout -- {path.relative_to(home.project)}",
        )
    return found.group(1)


def with_salt(text: str, salt: str) -> str:
    """Return settings with the given salt, everything else untouched."""
    line = f"{KEY}: {salt}"
    if _LINE.search(text):
        return _LINE.sub(lambda _: line, text, count=1)
    return f"{line}\n{text}"
