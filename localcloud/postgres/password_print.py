"""Whether a password is the one that was told last, without keeping it."""

from __future__ import annotations

import hashlib

from localcloud.postgres.wire import Facts

_ROUNDS = 4096


def password_print(facts: Facts) -> str:
    """Return a value that tells passwords of one instance apart and from which none can be read."""
    password = facts.master_password.get_secret_value().encode()
    return hashlib.pbkdf2_hmac("sha256", password, facts.resource_id.encode(), _ROUNDS).hex()
