"""A password as PostgreSQL stores it, so that the password itself never reaches a server or its log.

Source: RFC 5802 and 7677; PostgreSQL 16 source, scram-common.c (`scram_build_secret`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from lifeboat.core.errors import Refused
from lifeboat.core.secret import Secret

_ITERATIONS = 4096
_SALT_BYTES = 16


def scram_verifier(password: Secret) -> str:
    """Return what to store for a password; another one each time.

    Raises:
        Refused: a character that RDS does not take either (printable ASCII without `/`, `"`, `@`, space).
    """
    text = password.reveal()
    if not text or not all("!" <= character <= "~" and character not in '/"@' for character in text):
        msg = 'the master password has to be printable ascii without / " @ and space, and not empty'
        raise Refused(msg)
    salt = secrets.token_bytes(_SALT_BYTES)
    salted = hashlib.pbkdf2_hmac("sha256", text.encode(), salt, _ITERATIONS)
    stored_key = hashlib.sha256(_keyed(salted, b"Client Key")).digest()
    server_key = _keyed(salted, b"Server Key")
    return f"SCRAM-SHA-256${_ITERATIONS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _keyed(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
