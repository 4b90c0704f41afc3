"""How large storage may be, what may be asked of it, and that it only ever grows.

RDS user guide, "Amazon RDS DB instance storage", and ModifyDBInstance, AllocatedStorage: a value that is less
than a tenth above the current one is rounded up to that.
"""

from __future__ import annotations

from collections.abc import Mapping

from localcloud.aws.rds.refusal import BAD_COMBINATION, BAD_VALUE, refusal

_LIMITS_GIB = {
    "gp2": (20, 65_536),
    "gp3": (20, 65_536),
    "io1": (100, 65_536),
    "io2": (100, 65_536),
    "standard": (5, 3_072),
}
_STRIPED_GIB = 400
"""Below this, gp3 has its baseline and nothing else."""
_GROWTH_PERCENT = 110


def check_storage(size_gib: int, kind: str, given: Mapping[str, object]) -> None:
    """Refuse a size that RDS does not have.

    Args:
        size_gib: what there will be.
        kind: storage type, such as `gp3`.
        given: the whole request; its IOPS and throughput are looked at.

    Raises:
        RDSClientError: InvalidParameterValue or InvalidParameterCombination.
    """
    if kind not in _LIMITS_GIB:
        raise refusal(BAD_VALUE, f"Invalid storage type: {kind}")
    least, most = _LIMITS_GIB[kind]
    if not least <= size_gib <= most:
        message = f"Invalid storage size for engine name postgres and storage type {kind}: {size_gib}"
        raise refusal(BAD_COMBINATION, message)
    is_tuned = given.get("Iops") or given.get("StorageThroughput")
    if kind == "gp3" and is_tuned and size_gib < _STRIPED_GIB:
        message = (
            "You can't specify IOPS or storage throughput for engine postgres and a storage size less than "
            f"{_STRIPED_GIB}."
        )
        raise refusal(BAD_COMBINATION, message)


def grown(before_gib: int, wanted_gib: int) -> int:
    """Return what a change of size leads to.

    Raises:
        RDSClientError: InvalidParameterCombination: it would shrink.
    """
    if wanted_gib < before_gib:
        message = f"Requested storage ({wanted_gib} GiB) is less than the current one ({before_gib} GiB)."
        raise refusal(BAD_COMBINATION, message)
    if wanted_gib == before_gib:
        return before_gib
    return max(wanted_gib, -(-before_gib * _GROWTH_PERCENT // 100))
