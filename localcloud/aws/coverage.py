"""What is emulated, operation by operation: asked of moto, of the repairs, and of botocore's lists."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from localcloud.aws.limits import EVERYWHERE, LIMITS
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.pinned_moto import MOTO_VERSION
from localcloud.aws.rds.not_emulated import NOT_EMULATED
from localcloud.aws.repairs.catalogue import REPAIRS
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.operations import EMULATED

SERVICES = (
    "budgets",
    "cloudtrail",
    "cloudwatch",
    "ec2",
    "iam",
    "kms",
    "logs",
    "rds",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
)
"""The services that environments use; moto's others answer too, unrepaired."""


class Coverage(StrEnum):
    """How an operation is answered."""

    REPAIRED = "repaired"
    IMPLEMENTED = "implemented"
    NOT_EMULATED = "not_emulated"


def coverage_report() -> dict[str, object]:
    """Return the whole report as JSON values; loads every service it is about."""
    return {
        "moto": MOTO_VERSION,
        "limits": list(EVERYWHERE),
        "services": {service: service_coverage(service) for service in SERVICES},
    }


def service_coverage(service: str) -> dict[str, object]:
    """Return what is known of one service; loads it."""
    repairs = [repair for repair in REPAIRS if repair.service == service]
    states = _states(service, repairs)
    return {
        **{
            state.value: sorted(name for name, found in states.items() if found is state)
            for state in Coverage
        },
        "reason": f"moto {MOTO_VERSION} does not have them, or answers them with another operation",
        "reasons": NOT_EMULATED if service == "rds" else {},
        "repairs": {repair.name: repair.what for repair in repairs},
        "limits": list(LIMITS.get(service, ())),
    }


def _states(service: str, repairs: Iterable[Repair]) -> dict[str, Coverage]:
    repaired = {name for repair in repairs for name in repair.operations}
    refused = {name for repair in repairs for name in repair.refused}
    answered = EMULATED if service == "s3" else _answered(service)
    states = {}
    for name in _operations(service):
        if name in refused or name not in answered | repaired:
            states[name] = Coverage.NOT_EMULATED
        else:
            states[name] = Coverage.REPAIRED if name in repaired else Coverage.IMPLEMENTED
    return states


def _operations(service: str) -> list[str]:
    import botocore.session

    # A session of its own: what it parses is forgotten with it.
    return list(botocore.session.get_session().get_service_model(service).operation_names)


def _answered(service: str) -> set[str]:
    """Return the operations for which moto's response class has a method."""
    from moto import backends
    from moto.core.utils import camelcase_to_underscores, method_names_from_class

    found: MotoObject = backends.get_backend(service)  # type: ignore[call-overload]  # a name known at run time
    account = found["123456789012"]
    region = "us-east-1" if "us-east-1" in account else "aws"
    kinds = {getattr(handler, "__self__", None) for handler in account[region].url_paths.values()}
    methods = {name for kind in kinds if kind is not None for name in method_names_from_class(kind)}
    return {name for name in _operations(service) if camelcase_to_underscores(name) in methods}
