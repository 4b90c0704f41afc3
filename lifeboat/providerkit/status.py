"""An exception as a gRPC status: a code, one clean message, details for the engine; never a stack.

The engine treats INTERNAL, DATA_LOSS and UNKNOWN as "the state of the resource is unknown", so only bugs
get INTERNAL.
"""

from __future__ import annotations

from dataclasses import dataclass

import grpc

from lifeboat.core.errors import ConfigError, LifeboatError, Refused
from lifeboat.providerkit import codec
from lifeboat.providerkit.failures import (
    Cancelled,
    InvalidProperties,
    PartlyMade,
    ResourceMissing,
    reason_of,
)
from lifeboat.providerkit.protos import errors_pb2, provider_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_CODES: tuple[tuple[type[LifeboatError], grpc.StatusCode], ...] = (
    (ResourceMissing, grpc.StatusCode.NOT_FOUND),
    (ConfigError, grpc.StatusCode.INVALID_ARGUMENT),
    (Refused, grpc.StatusCode.FAILED_PRECONDITION),
    (Cancelled, grpc.StatusCode.CANCELLED),
    (LifeboatError, grpc.StatusCode.FAILED_PRECONDITION),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RpcStatus:
    """What `ServicerContext.abort` is given."""

    code: grpc.StatusCode
    message: str
    trailing_metadata: tuple[tuple[str, bytes], ...] = ()


def status_of(error: Exception) -> RpcStatus:
    """Translate an exception."""
    if isinstance(error, PartlyMade):
        return _with_details(grpc.StatusCode.UNAVAILABLE, str(error), _init_failed(error))
    if isinstance(error, InvalidProperties):
        return _with_details(grpc.StatusCode.INVALID_ARGUMENT, str(error), _property_errors(error))
    for kind, code in _CODES:
        if isinstance(error, kind):
            return RpcStatus(code=code, message=str(error))
    return RpcStatus(code=grpc.StatusCode.INTERNAL, message=reason_of(error))


def _with_details(code: grpc.StatusCode, message: str, detail: object) -> RpcStatus:
    packed = status_pb2.Status(code=code.value[0], message=message)
    packed.details.add().Pack(detail)
    metadata = ((_DETAILS_KEY, packed.SerializeToString()),)
    return RpcStatus(code=code, message=message, trailing_metadata=metadata)


def _init_failed(error: PartlyMade) -> object:
    return provider_pb2.ErrorResourceInitFailed(
        id=error.resource_id,
        properties=codec.encode(error.outputs),
        inputs=codec.encode(error.inputs),
        reasons=error.reasons,
    )


def _property_errors(error: InvalidProperties) -> object:
    failures = [
        errors_pb2.InputPropertiesError.PropertyError(property_path=failure.path, reason=failure.reason)
        for failure in error.failures
    ]
    return errors_pb2.InputPropertiesError(errors=failures)
