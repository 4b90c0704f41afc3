"""Looks for what must not leave the house: secrets in texts that a step or a driver wrote into the journal.

Values of type Secret never get that far (`json_values.freeze`); this is the second net, for a message of
somebody else's that quotes a password. Nothing is blacked out, for that would break the hash chain: a pack
with a finding is not made, and the secret has to be changed, for it lies in the bucket already.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lifeboat.core.errors import Refused

RULES: Mapping[str, re.Pattern[bytes]] = {
    "password in a URL": re.compile(rb"[a-z][a-z0-9+.-]*://[^\s/:@\"]*:(?!\*+@)[^\s/@\"]+@"),
    "password in a connection string": re.compile(rb"\b(?:password|passwd|pwd)\s*=\s*(?!\*)[^\s&;\"\\]+"),
    "password of PostgreSQL's environment": re.compile(rb"\bPGPASSWORD\b\W{1,3}\w"),
    "AWS access key": re.compile(rb"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    "AWS secret access key": re.compile(rb"(?i)aws_?secret_?access_?key\W{1,4}[A-Za-z0-9/+]{20}"),
    "Fly token": re.compile(rb"\b(?:fm[12][ar]?_|fo1_)[A-Za-z0-9+/=_-]{8}"),
    "signed web token": re.compile(rb"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\."),
    "private key": re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "authorization header": re.compile(rb"(?i)\bauthorization\W{1,4}(?:bearer|basic|flyv1)\s+\S{8}"),
}


def find_secrets(body: bytes) -> Iterator[str]:
    """Yield the name of every rule that finds something; never what it found."""
    for name, pattern in RULES.items():
        if pattern.search(body):
            yield name


def demand_no_secret(plan: bytes, events: Mapping[str, bytes]) -> None:
    """Refuse to pack what looks like a secret.

    Args:
        plan: the plan as stored.
        events: the events as stored, by a name people can find them by.

    Raises:
        Refused: says where and which rule, not what.
    """
    found = [
        f"{where}: {name}" for where, body in {"plan": plan, **events}.items() for name in find_secrets(body)
    ]
    if found:
        raise Refused(
            f"no evidence pack is made of what looks like a secret: {'; '.join(found)}",
            hint="change that secret, it lies in the journal; what wrote it there is a bug to be reported",
        )
