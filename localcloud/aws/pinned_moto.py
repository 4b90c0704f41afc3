"""The one moto version whose internals we repair; any other is refused before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from lifeboat.core.errors import Refused

MOTO_VERSION = "5.2.5"


def require_pinned_moto(version_of: Callable[[str], str] = version) -> None:
    """Check the installed moto without importing it.

    Args:
        version_of: tells the version of an installed distribution.

    Raises:
        Refused: moto is missing, or is not the version the repairs were written against.
    """
    try:
        found = version_of("moto")
    except PackageNotFoundError:
        found = "none"
    if found != MOTO_VERSION:
        raise Refused(
            f"the local cloud needs moto {MOTO_VERSION}, found {found}",
            hint="install the locked requirements again: pip install -r requirements.lock",
        )
