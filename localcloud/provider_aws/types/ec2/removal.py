"""Deleting what others may still depend on.

The engine deletes in the order of references, but an object made by hand, or one whose reference the program
does not show, may come later: the genuine provider asks again for some minutes, and so does this.
"""

from __future__ import annotations

from collections.abc import Callable

from lifeboat.providerkit.values import Value
from localcloud.provider_aws.cloud import Cloud

_IN_USE = frozenset({"DependencyViolation", "InvalidGroup.InUse"})


def remove_when_free(cloud: Cloud, resource_id: str, remove: Callable[[], Value]) -> None:
    """Remove an object, asking again while the service says that something depends on it.

    Raises:
        StepFailed: something still depends on it after `cloud.timeout_s`.
        Cancelled: the operator cancelled the run.
    """
    refused = cloud.client().exceptions.ClientError
    told: list[str] = []

    def removed() -> bool:
        try:
            remove()
        except refused as error:
            if error.response["Error"]["Code"] not in _IN_USE:
                raise
            if not told:
                told.append(str(error.response["Error"].get("Message", "")))
                cloud.log(f"waits for what depends on it: {told[0]}")
            return False
        return True

    cloud.wait_until(f"removal of {resource_id}, on which something depends,", removed)
