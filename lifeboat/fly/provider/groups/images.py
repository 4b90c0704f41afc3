"""When two image references name the same image, and which image a group runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lifeboat.fly.provider.groups.member import Member


def digest_in(reference: str) -> str:
    """Return the `sha256:...` of a reference pinned by digest; empty for one by tag."""
    return reference.partition("@")[2]


def same_image(wanted: str, member: Member) -> bool:
    """Tell whether a machine runs the wanted image: by digest when one is given, else by the reference."""
    found = str(member.config.get("image") or "")
    pinned = digest_in(wanted)
    if not pinned:
        return wanted == found
    return _repository(wanted) == _repository(found) and pinned in (digest_in(found), member.image_digest)


def majority_image(members: Iterable[Member]) -> str:
    """Return the image most machines run, the first by name of several; empty when there are none."""
    counts = Counter(str(member.config["image"]) for member in members if member.config.get("image"))
    return min(counts, key=lambda image: (-counts[image], image), default="")


def _repository(reference: str) -> str:
    name = reference.partition("@")[0]
    head, _, last = name.rpartition("/")
    return f"{head}/{last.partition(':')[0]}"
