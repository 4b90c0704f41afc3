"""Whether a text can be a resource policy at all; what it allows is for the service to judge. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator

from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import Properties

NO_POLICY = "{}"
"""What stands for "no policy": the genuine provider deletes the policy for it."""


def policy_failures(inputs: Properties) -> Iterator[PropertyFailure]:
    """Find what is wrong with `policy`; it may be UNKNOWN."""
    text = inputs.get("policy")
    if not isinstance(text, str) or text == "":
        return
    try:
        document = json.loads(text)
    except ValueError as error:
        yield PropertyFailure(path="policy", reason=f"contains an invalid JSON policy: {error}")
        return
    if not isinstance(document, dict):
        yield PropertyFailure(path="policy", reason="contains an invalid JSON policy: not an object")
