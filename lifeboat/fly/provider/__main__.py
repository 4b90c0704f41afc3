"""The plugin process: `python -m lifeboat.fly.provider <engine address>`."""

from __future__ import annotations

import sys

from lifeboat.fly.provider.provider import FlyProvider
from lifeboat.providerkit.serve import serve

if __name__ == "__main__":
    serve(FlyProvider(), sys.argv[1:])
