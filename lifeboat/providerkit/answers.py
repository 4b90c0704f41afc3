"""The kit's answers as engine messages."""

from __future__ import annotations

from collections.abc import Iterable

from lifeboat.providerkit import codec, marks
from lifeboat.providerkit.paths import Path, format_path
from lifeboat.providerkit.protos import Message, provider_pb2
from lifeboat.providerkit.requests import Checked, Difference
from lifeboat.providerkit.values import Properties


def checked(answer: Checked, secret: Iterable[Path]) -> Message:
    """Answer a check; inputs that were secret stay secret."""
    return provider_pb2.CheckResponse(
        inputs=codec.encode(marks.remark(answer.inputs, secret)),
        failures=[
            provider_pb2.CheckFailure(property=failure.path, reason=failure.reason)
            for failure in answer.failures
        ],
    )


def difference(answer: Difference) -> Message:
    """Answer a diff with full detail: the engine then shows exactly these paths."""
    kinds = provider_pb2.PropertyDiff
    keys = dict.fromkeys(str(path[0]) for path in answer.changes)
    replaces = dict.fromkeys(str(path[0]) for path, kind in answer.changes.items() if kind.replaces)
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME
        if answer.changes
        else provider_pb2.DiffResponse.DIFF_NONE,
        diffs=keys,
        replaces=replaces,
        deleteBeforeReplace=answer.delete_before_replace,
        hasDetailedDiff=True,
        detailedDiff={
            format_path(path): kinds(kind=kinds.Kind.Value(kind.value), inputDiff=True)
            for path, kind in answer.changes.items()
        },
    )


def returned(result: Properties) -> Message:
    """Answer an invoke."""
    # `return` is a keyword of Python, so the field can only be named through a dictionary.
    return provider_pb2.InvokeResponse(**{"return": codec.encode(result)})
