"""What can be wrong with the configuration of a machine or of a group's template, by property path. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lifeboat.fly.provider.groups.marks import OUR_PREFIX, PROCESS_GROUP
from lifeboat.fly.rules.machine_config import machine_config_problems
from lifeboat.providerkit.failures import PropertyFailure
from lifeboat.providerkit.values import UNKNOWN, Value


def config_failures(config: Value, group: Value = None) -> Iterator[PropertyFailure]:
    """Yield what Fly would refuse or misunderstand.

    Args:
        config: in Fly's own spelling; may be or hold UNKNOWN.
        group: the process group it must not contradict; None when it may say any.
    """
    if not isinstance(config, Mapping):
        return
    for problem in machine_config_problems(config, is_unknown=lambda value: value is UNKNOWN):
        yield PropertyFailure.at(("config", *problem.path), problem.reason)
    metadata = config.get("metadata")
    if not isinstance(metadata, Mapping):
        return
    for key in metadata:
        if str(key).startswith(OUR_PREFIX):
            yield PropertyFailure.at(
                ("config", "metadata", key), "is reserved: the provider marks machines so"
            )
    said = metadata.get(PROCESS_GROUP)
    if isinstance(said, str) and isinstance(group, str) and said != group:
        yield PropertyFailure.at(
            ("config", "metadata", PROCESS_GROUP), f"must be {group!r}, the group's name"
        )
