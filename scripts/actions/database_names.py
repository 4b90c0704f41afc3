"""The names and tags by which a restore finds its own traces again.

A name carries the id of its run, so two runs never want the same one, and a run that starts again looks for
exactly what it may have made.
"""

from __future__ import annotations

from collections.abc import Mapping

RUN_TAG = "lifeboat:run"
REPLACED_TAG = "lifeboat:replaced"
REPLACED_BY_TAG = "lifeboat:replaced-by"
EXPIRES_TAG = "lifeboat:expires-at"
SWAP_TAG = "lifeboat:swap-began-at"
_LONGEST = 63


def restored_name(base: str, run_id: str) -> str:
    """Return the name a new instance gets before it takes the place of `base`."""
    return _fit(base, _mark(run_id))


def aside_name(base: str, run_id: str) -> str:
    """Return the name of the instance that had the place of `base` before."""
    return _fit(base, f"before-{_mark(run_id)}")


def snapshot_name(base: str, run_id: str) -> str:
    """Return the name of the snapshot taken after the swap."""
    return _fit(base, f"after-{_mark(run_id)}")


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """Return tags as RDS takes them."""
    return [{"Key": name, "Value": value} for name, value in sorted(tags.items())]


def _mark(run_id: str) -> str:
    return run_id.removeprefix("run-")


def _fit(base: str, mark: str) -> str:
    """Join both within RDS's 63 characters; the mark is kept whole, for it is what makes the name unique."""
    return f"{base[: _LONGEST - len(mark) - 1].rstrip('-')}-{mark}"
