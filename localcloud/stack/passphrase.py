"""The passphrase of local stacks: a public word.

Pulumi wants a passphrase for the secrets of a stack. What it protects here lies on the same disk, in the
same directory, and belongs to a cloud that answers to anybody on this machine, so a secret word would
protect nothing and would have to be carried along. The salt in `environments/Pulumi.local.yaml` is
committed and fits this word only. Real stacks use a key management service and never read this file.
"""

from __future__ import annotations

import os

from lifeboat.core.errors import ConfigError
from localcloud.stack.home import LocalHome

PUBLIC_WORD = "lifeboat-local"


def ensure_passphrase(home: LocalHome) -> None:
    """Write the passphrase file, or refuse one that state on this disk may not fit.

    Raises:
        ConfigError: stacks exist and the file is missing or holds another word.
    """
    path = home.passphrase
    held = path.read_text().strip() if path.exists() else None
    if held == PUBLIC_WORD:
        return
    if _has_stacks(home):
        what = "is missing" if held is None else "holds another passphrase"
        raise ConfigError(
            f"{path} {what}, and {home.backend} holds stacks",
            hint=f"put the word {PUBLIC_WORD!r} back into it, or move {home.runtime} away and begin again",
        )
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(PUBLIC_WORD)


def _has_stacks(home: LocalHome) -> bool:
    return any(home.checkpoint("any").parent.glob("*.json"))
