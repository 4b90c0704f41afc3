"""An image that ends with exit code 1: at once, or CRASH_AFTER_S seconds after its start."""

from __future__ import annotations

import os
import sys

from localcloud.ending import ending, has_lifeline
from localcloud.fly.images.demo.journal import note


def main() -> int:
    """Crash; 0 only when told to end before that."""
    after_s = float(os.environ.get("CRASH_AFTER_S", "0"))
    note("start", image="crash", after_s=after_s)
    if ending(lifeline=has_lifeline()).wait(after_s):
        return 0
    note("error", reason="crashed as told")
    return 1


if __name__ == "__main__":
    sys.exit(main())
