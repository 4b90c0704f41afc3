"""The whole state of moto as bytes, and back.

A snapshot holds every regional backend object; whatever a repair must remember it keeps on those objects, so
it is saved with them. Plain pickling is used because it is ten times quicker than dill, which steps in for
what pickle cannot name: functions, locks, weak references. Private keys travel as DER.
"""

from __future__ import annotations

import importlib
import io
import pickle
import sys
from datetime import timedelta
from types import FunctionType

from lifeboat.core.errors import Stuck
from localcloud.aws.cloud_clock import CloudClock
from localcloud.aws.moto_types import MotoObject

_DILL_KINDS = ("lock", "RLock", "WeakValueDictionary", "ReferenceType", "cell")


def take_snapshot(clock: CloudClock) -> bytes:
    """Return the state as bytes.

    Raises:
        RuntimeError: somebody changed the state meanwhile; take it again.
        Stuck: something in it cannot be saved.
    """
    content = {
        "backends": _backends(),
        "bucket_accounts": dict(_s3_backends().bucket_accounts),
        "advanced_s": clock.advanced.total_seconds(),
    }
    buffer = io.BytesIO()
    try:
        _Pickler(buffer, protocol=pickle.HIGHEST_PROTOCOL).dump(content)
    except (pickle.PicklingError, TypeError, AttributeError) as error:
        raise Stuck(
            f"the state cannot be saved: {error}", hint="this is a fault of the local cloud"
        ) from error
    return buffer.getvalue()


def restore_snapshot(payload: bytes, clock: CloudClock) -> None:
    """Put a snapshot's backends in place; call it before the first request.

    Raises:
        pickle.UnpicklingError, AttributeError, ImportError, ...: the bytes are no snapshot of this moto.
    """
    content = pickle.loads(payload)  # noqa: S301  # our own file, its digest already checked
    for module, attribute, account_id, region, backend in content["backends"]:
        holder = getattr(importlib.import_module(module), attribute)
        dict.__setitem__(holder[account_id], region, backend)
    _s3_backends().bucket_accounts.update(content["bucket_accounts"])
    clock.advance(timedelta(seconds=content["advanced_s"]))


def forget_everything() -> None:
    """Empty every backend of moto."""
    from moto.core.base_backend import BackendDict

    # Not BackendDict.reset: it builds every backend anew only to drop it.
    instances: list[MotoObject] = getattr(BackendDict, "_instances")  # noqa: B009  # mypy: a generic class
    for holder in list(instances):
        holder.clear()
    instances.clear()
    _s3_backends().bucket_accounts.clear()


def _s3_backends() -> MotoObject:
    return importlib.import_module("moto.s3.models").s3_backends


def _backends() -> list[tuple[str, str, str, str, object]]:
    """List (module, attribute, account, region, backend) of every backend that exists."""
    from moto.core.base_backend import BackendDict

    found: dict[int, list[tuple[str, str, str, str, object]]] = {}
    modules = [(name, module) for name, module in sys.modules.items() if name.startswith("moto.")]
    for name, module in modules:
        for attribute, holder in list(vars(module).items()):
            # The same holder is imported under several names; any of them finds it again.
            if isinstance(holder, BackendDict) and id(holder) not in found:
                found[id(holder)] = [(name, attribute, *place) for place in holder.iter_backends()]
    return [entry for entries in found.values() for entry in entries]


class _Pickler(pickle.Pickler):
    def reducer_override(self, obj: MotoObject) -> MotoObject:
        kind = type(obj)
        if kind.__name__ in _DILL_KINDS or (kind is FunctionType and not _is_importable(obj)):
            import dill

            return dill.loads, (dill.dumps(obj),)
        if kind.__module__.startswith("cryptography.") and hasattr(obj, "private_bytes"):
            return load_private_key, (_der(obj),)
        return NotImplemented


def load_private_key(der: bytes) -> object:
    """Return the private key of an unencrypted PKCS#8 DER text."""
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    return load_der_private_key(der, password=None)


def _der(key: MotoObject) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return bytes(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def _is_importable(function: FunctionType) -> bool:
    module = sys.modules.get(function.__module__)
    return getattr(module, function.__qualname__, None) is function
