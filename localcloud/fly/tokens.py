"""Who is asking: the operator's own constant token, and tokens minted here.

Anything else is refused and neither kept nor logged, so a real Fly token that was sent here by mistake leaves
no trace. Texts of minted tokens are kept as digests only.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from localcloud.fly.ids import Ids
from localcloud.fly.macaroon import macaroon_text
from localcloud.fly.model import Token
from localcloud.fly.wire_error import WireError

LOCAL_TOKEN = f"FlyV1 {macaroon_text('lifeboat local')}"
"""The operator's token, known to everybody: it opens the local cloud only, and there every organisation."""

EVERYTHING = "user"
"""The scope of the operator's token."""

REFUSED = "Authenticate: token validation error"
_SCHEMES = ("bearer ", "flyv1 ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a verified token stands for."""

    caller: str
    scope: str
    expires_at: datetime | None = None

    @property
    def is_app(self) -> bool:
        """Whether it is a deploy token, bound to one app."""
        return self.scope.startswith("app:")

    def covers_organization(self, slug: str) -> bool:
        """Tell whether the whole of an organisation may be seen."""
        return self.scope in {EVERYTHING, f"org:{slug}"}


def identify(header: str, minted: dict[str, Token], now: datetime) -> Identity:
    """Return who an Authorization header stands for; several tokens may be joined by commas.

    Args:
        header: `FlyV1 …` or `Bearer …`, as sent.
        minted: the world's tokens by digest.
        now: for expiry.

    Raises:
        WireError: 401, with Fly's text; the token is in neither text nor attributes.
    """
    for text in _bare(header).split(","):
        if text == _bare(LOCAL_TOKEN):
            return Identity(caller="operator@tokens.fly.io", scope=EVERYTHING)
        token = minted.get(_digest(text))
        if token is not None and (token.expires_at is None or now < token.expires_at):
            return Identity(caller=token.caller, scope=token.scope, expires_at=token.expires_at)
    raise WireError(401, REFUSED)


def mint(ids: Ids, minted: dict[str, Token], scope: str, expires_at: datetime | None = None) -> str:
    """Make a token, remember its digest, and return its text for the one time it is shown."""
    text = macaroon_text(f"{ids.text(24)}{ids.text(24)}")
    name = scope.replace(":", "-")
    minted[_digest(text)] = Token(scope=scope, caller=f"{name}@tokens.fly.io", expires_at=expires_at)
    return f"FlyV1 {text}"


def _bare(header: str) -> str:
    text = header.strip()
    while text.lower().startswith(_SCHEMES):
        text = text.split(" ", 1)[1].strip()
    return text


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()
