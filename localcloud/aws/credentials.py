"""Whose keys are let in: dummies and those the local cloud issued itself, never a real-looking one.

A real access key id here means that somebody's shell is pointed at the wrong place; saying so loudly, before
anything is done, is cheaper than finding out at the other end.
"""

from __future__ import annotations

import re

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.request_scope import RequestScope

# Any id that does not look like a real one passes; this one does, and is the AWS documentation's own example,
# which moto's GetSessionToken hands out.
_EXAMPLE = "AKIAIOSFODNN7EXAMPLE"
HINT = "real-looking credentials never reach the local cloud: use the access key id `local`"
# IAM user guide, "Understanding unique ID prefixes": AKIA long-lived, ASIA temporary, and older forms.
_REAL = re.compile(r"A[A-Z]{3}[A-Z0-9]{12,}")


def is_refused(scope: RequestScope) -> bool:
    """Tell whether the key of a request looks real and was not issued in here."""
    key = scope.access_key_id
    looks_real = _REAL.fullmatch(key) is not None and key != _EXAMPLE
    return looks_real and not _was_issued_here(key)


def _was_issued_here(key: str) -> bool:
    from moto.iam.models import iam_backends

    partitions: list[MotoObject] = [backend for _, _, backend in list(iam_backends.iter_backends())]
    return any(key in partition.access_keys for partition in partitions)
