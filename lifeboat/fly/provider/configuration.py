"""The provider's own settings: there are none, on purpose.

Whatever is an input of a provider is kept in the state and shown to whoever reads it, so where Fly is and who
asks come from the environment alone.
"""

from __future__ import annotations

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties

_ENGINE = frozenset({"version", "pluginDownloadURL"})
_SECRETS = frozenset({"token", "apiToken", "accessToken", "flyApiToken"})


def check_settings(given: Properties) -> tuple[PropertyFailure, ...]:
    """Return what is wrong with provider settings; values are never quoted, a token may be among them."""
    return tuple(
        PropertyFailure(path=name, reason=_reason(name))
        for name in given
        if name not in _ENGINE and not name.startswith("__")
    )


def _reason(name: str) -> str:
    if name in _SECRETS:
        return "a token is never a setting, because settings are kept in the state; export FLY_API_TOKEN"
    return "the fly provider has no settings; it reads the FLY_ variables that flyctl reads"
