"""Checks of a machine config in Fly's own spelling, before any call is made.

    shape          every key known, every value of its kind         machine_shape
    guest, image   sizes that exist, something to run               here
    metadata       flyctl's own keys stay flyctl's                  here
    services       ports, and checks that the proxy can use         service_rules
    mounts         one volume, named                                mount_rules
    suspension     the limits of suspending                         suspension

Fly accepts most mistakes in silence or answers with a text; here each gets its key path. A config that passes
may still find no capacity. Nothing here raises, calls, or changes the config.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lifeboat.fly.rules.guests import (
    CPU_KINDS,
    DEFAULT_GUEST,
    cpu_kind_problem,
    cpus_problem,
    memory_problem,
    size_problem,
)
from lifeboat.fly.rules.leaves import whole_number
from lifeboat.fly.rules.machine_shape import MACHINE
from lifeboat.fly.rules.mount_rules import mount_problems
from lifeboat.fly.rules.nesting import look
from lifeboat.fly.rules.problem import IsUnknown, Problem, all_known
from lifeboat.fly.rules.service_rules import check_problems, service_problems
from lifeboat.fly.rules.suspension import autostop_problems

PLATFORM_METADATA = frozenset(("fly_platform_version", "fly_process_group"))
"""Keys of flyctl that a program may set, because flyctl finds machines by them."""

RESERVED_METADATA_PREFIX = "fly_"


def machine_config_problems(
    config: Mapping[str, Any],
    *,
    is_unknown: IsUnknown = all_known,
    allowed_metadata: frozenset[str] = PLATFORM_METADATA,
) -> tuple[Problem, ...]:
    """Say everything that is wrong with a machine config.

    Args:
        config: the wire form, as `POST /machines` takes it under `config`.
        is_unknown: tells a preview's marks for values that are not known yet; they are never a problem.
        allowed_metadata: reserved metadata keys that may be there all the same.

    Returns:
        The problems, paths counted from the config; empty when it can be sent.
    """
    found = [*look(MACHINE, config, (), is_unknown)]
    found += _image(config)
    found += _guest(config)
    found += _metadata(config, allowed_metadata)
    found += service_problems(config)
    found += check_problems(config)
    found += mount_problems(config)
    found += autostop_problems(config)
    return tuple(dict.fromkeys(found))


def _image(config: Mapping[str, Any]) -> Iterator[Problem]:
    image = config.get("image")
    if image in (None, "") and not config.get("containers"):
        yield Problem(path=("image",), reason="is missing: a machine needs something to run")
    elif isinstance(image, str) and (image != "".join(image.split()) or "://" in image):
        yield Problem(
            path=("image",), reason=f"{image!r} is no image reference; write registry/name@sha256:..."
        )


def _guest(config: Mapping[str, Any]) -> Iterator[Problem]:
    size, guest = config.get("size"), config.get("guest")
    if isinstance(size, str) and size and (problem := size_problem(size)):
        yield Problem(path=("size",), reason=problem)
    if size and guest:
        yield Problem(path=("size",), reason="give either size or guest, not both")
    if isinstance(guest, Mapping):
        yield from _guest_numbers(guest)


def _guest_numbers(guest: Mapping[str, Any]) -> Iterator[Problem]:
    kind = guest.get("cpu_kind") or DEFAULT_GUEST.cpu_kind
    if not isinstance(kind, str):
        return
    if kind not in CPU_KINDS:
        yield Problem(path=("guest", "cpu_kind"), reason=cpu_kind_problem(kind) or "")
        return
    cpus = whole_number(guest.get("cpus", DEFAULT_GUEST.cpus))
    if cpus is None:
        return
    if problem := cpus_problem(kind, cpus):
        yield Problem(path=("guest", "cpus"), reason=problem)
        return
    memory_mb = whole_number(guest.get("memory_mb"))
    if memory_mb is not None and (problem := memory_problem(kind, cpus, memory_mb)):
        yield Problem(path=("guest", "memory_mb"), reason=problem)


def _metadata(config: Mapping[str, Any], allowed: frozenset[str]) -> Iterator[Problem]:
    metadata = config.get("metadata")
    if not isinstance(metadata, Mapping):
        return
    for key in metadata:
        if str(key).startswith(RESERVED_METADATA_PREFIX) and key not in allowed:
            yield Problem(
                path=("metadata", str(key)), reason="is reserved: flyctl and Fly write keys of this prefix"
            )
    platform = metadata.get("fly_platform_version")
    if isinstance(platform, str) and platform != "v2":
        yield Problem(path=("metadata", "fly_platform_version"), reason=f"must be 'v2', not {platform!r}")
