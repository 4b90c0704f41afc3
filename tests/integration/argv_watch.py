"""Looks at every process's command line, again and again, for a word that must not be there."""

from __future__ import annotations

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

_PROCESSES = Path("/proc")
_PAUSE_S = 0.1


class ArgvWatch:
    """Watches from entering to leaving the block; `seen` holds the command lines that showed a word.

    Args:
        words: what nobody may see.
    """

    def __init__(self, *words: str) -> None:
        self.seen: list[str] = []
        self.looks = 0
        self._words = [word.encode() for word in words]
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="argv-watch")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_PAUSE_S):
            self.looks += 1
            for entry in _PROCESSES.iterdir():
                if entry.name.isdigit():
                    self._look(entry / "cmdline")

    def _look(self, path: Path) -> None:
        try:
            line = path.read_bytes()
        except OSError:
            # It has ended meanwhile.
            return
        if any(word in line for word in self._words):
            self.seen.append(line.replace(b"\0", b" ").decode(errors="replace"))
