"""`python -m tools.engine`: prints the directory that holds the `pulumi` to use; all else goes to stderr."""

from __future__ import annotations

import signal
import sys
from types import FrameType

from lifeboat.core.errors import LifeboatError
from tools.engine.ways import ensure

_INTERRUPTED = 130


def main() -> int:
    """Return the exit code: 0, 130 when interrupted, else that of the error's branch."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        sys.stdout.write(f"{ensure()}\n")
    except LifeboatError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("engine: interrupted, nothing was kept\n")
        return _INTERRUPTED
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End a terminated build the way Ctrl-C does, so that it cleans up behind itself."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
