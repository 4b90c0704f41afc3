"""Lists of RDS come in pages, and a parameter group that is not there is an error.

Stock moto gives most lists whole, whatever page is asked for, takes a page of any size, and answers a look
for one unknown parameter group with an empty list.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.rds.refusal import BAD_VALUE, refusal
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

# "Minimum 20, maximum 100" of every Describe operation (RDS API reference).
_SMALLEST, _LARGEST = 20, 100


def _patch(responses: MotoObject, _world: World) -> None:
    from botocore import xform_name
    from moto.core.utils import get_pagination_model

    pages: Mapping[str, Mapping[str, Any]] = get_pagination_model("rds")
    for operation, page in pages.items():
        method = xform_name(operation)
        is_flat = page["limit_key"] == "MaxRecords" and "." not in page["result_key"]
        if is_flat and hasattr(responses.RDSResponse, method):
            _page(responses, method, page["result_key"])


def _page(responses: MotoObject, method: str, key: str) -> None:
    original = getattr(responses.RDSResponse, method)

    def answer(self: MotoObject) -> MotoObject:
        size = _size(self.params.get("MaxRecords"))
        start = _start(self.params.get("Marker"))
        result = original(self).result
        everything, end = list(result[key]), start + size
        marker = str(end) if end < len(everything) else None
        return responses.ActionResult({**result, key: everything[start:end], "Marker": marker})

    setattr(responses.RDSResponse, method, answer)


def _size(given: object) -> int:
    size = _LARGEST if given is None else int(str(given))
    if not _SMALLEST <= size <= _LARGEST:
        message = f"Invalid value {size} for MaxRecords. Must be between {_SMALLEST} and {_LARGEST}"
        raise refusal(BAD_VALUE, message)
    return size


def _start(marker: object) -> int:
    """Read a marker of ours: how many came before."""
    text = str(marker or 0)
    if not text.isdecimal():
        raise refusal(BAD_VALUE, f"The marker {text} is not valid.")
    return int(text)


def _patch_models(models: MotoObject, _world: World) -> None:
    describe = models.RDSBackend.describe_db_parameter_groups

    def find(self: MotoObject, wanted: MotoObject) -> MotoObject:
        found = describe(self, wanted)
        name = wanted.get("db_parameter_group_name")
        if name and not found:
            raise refusal("DBParameterGroupNotFound", f"DBParameterGroup not found: {name}")
        return found

    models.RDSBackend.describe_db_parameter_groups = find


REPAIR = Repair(
    name="rds_pages",
    service="rds",
    what="most lists came whole, whatever page was asked for; an unknown parameter group was an empty list",
    operations=(
        "DescribeDBInstanceAutomatedBackups",
        "DescribeDBParameterGroups",
        "DescribeDBSnapshots",
        "DescribeDBSubnetGroups",
        "DescribeEventSubscriptions",
    ),
    patches=(("moto.rds.responses", _patch), ("moto.rds.models", _patch_models)),
)
