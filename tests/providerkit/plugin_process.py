"""The memory provider as a plugin process: `python -m tests.providerkit.plugin_process <engine address>`."""

from __future__ import annotations

import sys

from lifeboat.providerkit.serve import serve
from tests.providerkit.memory_provider import MemoryProvider

if __name__ == "__main__":
    provider = MemoryProvider()
    provider.things.wait_s = 60.0 if "--slow" in sys.argv else 0.0
    serve(provider, sys.argv[1:])
