"""How long a step will take, from how long steps of its kind took before; pure."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

_P90 = 0.9
_LINE_FROM = 3
"""Different sizes from which on a line says more than a proportion."""
_NOTHING_S = 0.001
"""Below this a duration is noise, and a ratio to it means nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One earlier step that was done in one go.

    Args:
        kind: its kind.
        size: what its duration grows with; None when it does not.
        duration_s: how long it took (>= 0).
    """

    kind: str
    size: float | None
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect, in seconds.

    Args:
        median_s: half of all runs take less.
        p90_s: nine in ten take less; the default, when nothing was measured.
        samples: how many measurements it rests on; 0 means that it is only the default.
    """

    median_s: float
    p90_s: float
    samples: int

    @property
    def basis(self) -> str:
        """Where it comes from, for the plan's notes."""
        if not self.samples:
            return "a default: no run of this kind was measured yet"
        return f"measured in {self.samples} earlier run{'s' if self.samples > 1 else ''}"


def forecast(kind: str, size: float | None, *, default_s: float, history: Sequence[Sample]) -> Forecast:
    """Return what to expect of a step.

    Steps of another size are scaled: by a robust line through the measurements (Theil-Sen: a fixed part and a
    part per size) when at least three different sizes were seen, else in proportion to the size.

    Args:
        kind: kind of the step.
        size: its size, in the unit of the history; None when its duration does not depend on one.
        default_s: what to say when nothing fitting was measured.
        history: earlier steps of any kind.
    """
    fitting = [sample for sample in history if sample.kind == kind and _compares(sample.size, size)]
    if not fitting:
        return Forecast(median_s=default_s, p90_s=default_s, samples=0)
    scaled = sorted(_scaled(fitting, size))
    return Forecast(median_s=statistics.median(scaled), p90_s=_quantile(scaled, _P90), samples=len(fitting))


def _compares(measured: float | None, wanted: float | None) -> bool:
    if wanted is None or measured is None:
        return wanted is None and measured is None
    return measured > 0 and wanted > 0


def _scaled(samples: Sequence[Sample], size: float | None) -> list[float]:
    if size is None:
        return [sample.duration_s for sample in samples]
    points = [(sample.size or size, sample.duration_s) for sample in samples]
    if len({at for at, _ in points}) < _LINE_FROM:
        return [duration_s * size / at for at, duration_s in points]
    slope_s, fixed_s = _line(points)
    expected_s = fixed_s + slope_s * size
    # Each measurement was off its own line by some factor; the forecast is off by the same ones.
    return [expected_s * _factor(duration_s, fixed_s + slope_s * at) for at, duration_s in points]


def _line(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    slopes = [
        (later_s - earlier_s) / (bigger - smaller)
        for index, (smaller, earlier_s) in enumerate(points)
        for bigger, later_s in points[index + 1 :]
        if bigger != smaller
    ]
    slope_s = max(0.0, statistics.median(slopes))
    return slope_s, max(0.0, statistics.median(duration_s - slope_s * at for at, duration_s in points))


def _factor(measured_s: float, on_line_s: float) -> float:
    return measured_s / on_line_s if on_line_s > _NOTHING_S else 1.0


def _quantile(values: Sequence[float], part: float) -> float:
    """Return a quantile of sorted values, between the two nearest."""
    position = part * (len(values) - 1)
    below = int(position)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (position - below)
