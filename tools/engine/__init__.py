"""The engine: the directory holding the `pulumi` to use, found, downloaded or built, and cached.

Public: `ensure()`, and `python -m tools.engine` which prints what it returns. It runs before anything else
does, so it needs only the standard library, the project's kernel and four small packages of the lock file.
"""

from __future__ import annotations

from tools.engine.ways import ensure

__all__ = ["ensure"]
