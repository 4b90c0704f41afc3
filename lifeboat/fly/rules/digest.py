"""A short name for what a machine config means, to record beside an image digest.

Two configs have the same digest exactly when `normalise` makes them equal; the order of keys and the spelling
of lengths of time do not count. A config with values that are not known yet has no digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from lifeboat.fly.rules.normalise import normalise


def config_digest(config: Mapping[str, Any]) -> str:
    """Return `sha256:` and 64 hexadecimal digits.

    Raises:
        TypeError: the config holds a value that is not JSON, such as a preview's unknown.
    """
    text = json.dumps(
        normalise(config), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
