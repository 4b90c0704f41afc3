"""Which versions this process works with; they go into the journal, and from there into the evidence."""

from __future__ import annotations

import platform
from importlib.metadata import version

_PACKAGES = ("lifeboat", "boto3", "botocore", "httpx", "psycopg")


def tool_versions() -> dict[str, str]:
    """Return versions by name: this release, Python, the system, and what calls the clouds and databases."""
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    return {
        **{name: version(name) for name in _PACKAGES},
        "python": platform.python_version(),
        "system": system,
    }
