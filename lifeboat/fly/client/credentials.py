"""The token as a request header, by its kind, and its removal from any text that comes back.

Macaroons (`fm1r_`, `fm1a_`, `fm2_`) travel under `FlyV1`, everything else under `Bearer`; only GraphQL takes
both kinds at once (fly-go `tokens`). The header is built per request and stored nowhere.
"""

from __future__ import annotations

import re

from lifeboat.core.secret import REDACTED, Secret
from lifeboat.fly.client.operation import Server

_SCHEMES = ("bearer", "flyv1")
_MACAROONS = ("fm1r", "fm1a", "fm2")


class Credentials:
    """One token text: several tokens may be in it, separated by commas.

    Args:
        token: with or without a scheme.
    """

    def __init__(self, token: Secret) -> None:
        self._token = token

    def header(self, server: Server) -> str:
        """Return the value of `Authorization` for a server."""
        tokens = _tokens(self._token.reveal())
        macaroons = [token for token in tokens if _is_macaroon(token)]
        if not macaroons:
            return "Bearer " + ",".join(tokens)
        others = [token for token in tokens if not _is_macaroon(token)]
        return "FlyV1 " + ",".join(macaroons + others if server is Server.API else macaroons)

    def redact(self, text: str) -> str:
        """Return the text without any of the tokens."""
        for token in _tokens(self._token.reveal()):
            text = re.sub(re.escape(token), REDACTED, text)
        return text


def _tokens(text: str) -> list[str]:
    words = text.split()
    while words and words[0].lower() in _SCHEMES:
        words.pop(0)
    return [token for token in re.split(r"[,\s]+", " ".join(words)) if token]


def _is_macaroon(token: str) -> bool:
    return token.partition("_")[0] in _MACAROONS
