"""Doing the same to several machines at once, and hearing of every failure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from lifeboat.core.errors import LifeboatError
from lifeboat.fly.provider.groups.failure import GroupIncomplete
from lifeboat.providerkit.failures import Cancelled

T = TypeVar("T")
R = TypeVar("R")
_AT_ONCE = 16


def together(work: Callable[[T], R], items: Iterable[T]) -> tuple[list[R], dict[int, LifeboatError]]:
    """Do the work for every item, up to sixteen at once, whatever happens to the others.

    Returns:
        What came back, in the order of the items that succeeded, and the failures by the item's position.

    Raises:
        Cancelled: the operator cancelled the run.
    """
    todo = list(items)
    results: list[R] = []
    failures: dict[int, LifeboatError] = {}
    if not todo:
        return results, failures
    with ThreadPoolExecutor(max_workers=min(_AT_ONCE, len(todo))) as pool:
        for at, future in enumerate([pool.submit(work, item) for item in todo]):
            try:
                results.append(future.result())
            except Cancelled:
                raise
            except LifeboatError as error:
                failures[at] = error
    return results, failures


def all_together(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Do the work for every item.

    Raises:
        GroupIncomplete: some failed; the others were done.
    """
    results, failures = together(work, items)
    if failures:
        raise GroupIncomplete(error.message for error in failures.values()) from next(iter(failures.values()))
    return results
