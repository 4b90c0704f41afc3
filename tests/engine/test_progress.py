"""A log gets few plain lines, a terminal one live line, and both say for how long."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from lifeboat.core.clock import ManualClock
from tools.engine.progress import Progress


class Log:
    """A progress that writes into a text, with a clock that the test moves."""

    def __init__(self, *, terminal: bool = False) -> None:
        self._file = io.StringIO()
        self.clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.progress = Progress(Console(file=self._file, force_terminal=terminal, width=200), self.clock)

    @property
    def lines(self) -> list[str]:
        """Return what was written."""
        return self._file.getvalue().splitlines()


def test_a_log_hears_the_beginning_and_then_now_and_again() -> None:
    log = Log()
    with log.progress.phase("building"):
        for done in range(40):
            log.clock.advance(timedelta(seconds=1))
            log.progress.detail(f"{done + 1} of 40")
    assert log.lines == [
        "engine: building",
        "engine: building (15 s): 15 of 40",
        "engine: building (30 s): 30 of 40",
    ]


def test_a_log_hears_that_silent_work_goes_on() -> None:
    log = Log()
    with log.progress.phase("waiting"):
        log.clock.advance(timedelta(seconds=20))
        log.progress.tick()
    assert log.lines == ["engine: waiting", "engine: waiting (20 s)"]


def test_a_terminal_has_one_live_line_with_the_elapsed_time() -> None:
    log = Log(terminal=True)
    with log.progress.phase("building"):
        log.clock.advance(timedelta(seconds=7))
        log.progress.detail("3 of 40")
        assert log.progress.__rich__().plain == "engine: building (7 s): 3 of 40"
    assert "engine: building" not in log.lines, "no plain lines beside the live one"


def test_a_note_is_one_line_however_long() -> None:
    log = Log()
    log.progress.note("x" * 500)
    assert log.lines == [f"engine: {'x' * 500}"]
