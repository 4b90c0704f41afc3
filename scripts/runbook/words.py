"""What a word of a command gives away: a secret, a password inside an address."""

from __future__ import annotations

import re

_SECRET_NAME = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|(^|_)KEY|KEY(_|$)|CREDENTIAL|DATABASE_URL|REDIS_URL|_DSN$|PRIVATE",
    re.IGNORECASE,
)
_HARMLESS = re.compile(r"(true|false|on|off|yes|no|\d+)$", re.IGNORECASE)
_FROM_ELSEWHERE = re.compile(r"\$|`")
_ADDRESS = re.compile(r"\w+://[^:/@\s]+:(?P<password>[^@\s]+)@")


def is_secret_setting(word: str) -> bool:
    """Is the word `NAME=value` with the name of a secret and a value to be typed?"""
    name, equals, value = word.partition("=")
    return bool(equals and value and _SECRET_NAME.search(name) and not _HARMLESS.match(value))


def holds_password(word: str) -> bool:
    """Is a password written inside an address?"""
    match = _ADDRESS.search(word)
    return bool(match and not _FROM_ELSEWHERE.search(match["password"]))


def is_literal(value: str | None) -> bool:
    """Is a value typed, rather than taken from a variable, a file or a command?"""
    return (
        bool(value)
        and not _FROM_ELSEWHERE.search(value or "")
        and not (value or "").startswith(("file:", "-"))
    )
