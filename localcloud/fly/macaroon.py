"""Tokens in the shape of Fly's macaroons, which flyctl takes apart: it drops what it cannot decode.

Only the shape: key id, location, no caveats and a tail, as MessagePack in base64 after `fm2_`. Nothing is
signed or derived; the local cloud recognises its tokens by their text.
"""

from __future__ import annotations

import base64
import hashlib

_LOCATION = b"https://api.fly.io/v1"
_RANDOM_BYTES = 16
_ARRAY, _FIXED_TEXT, _BYTES, _FALSE = 0x90, 0xA0, 0xC4, 0xC2


def macaroon_text(key_id: str) -> str:
    """Return the token of a key id, the same for the same id; ids of up to 255 bytes."""
    kid, tail = key_id.encode(), hashlib.sha256(key_id.encode()).digest()
    nonce = bytes((_ARRAY | 3,)) + _packed(kid) + _packed(tail[:_RANDOM_BYTES]) + bytes((_FALSE,))
    location = bytes((_FIXED_TEXT | len(_LOCATION),)) + _LOCATION
    whole = bytes((_ARRAY | 4,)) + nonce + location + bytes((_ARRAY,)) + _packed(tail)
    return f"fm2_{base64.b64encode(whole).decode()}"


def _packed(raw: bytes) -> bytes:
    return bytes((_BYTES, len(raw))) + raw
