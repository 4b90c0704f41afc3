"""The operations of machines, under `/v1/apps/{app}/machines` (docs `machines/api/machines-resource`)."""

from __future__ import annotations

from lifeboat.fly.client.operation import Operation, Pace, Safety

_ALL = "/v1/apps/{app}/machines"
_ONE = _ALL + "/{machine}"


def _read(verb: str, path: str, pace: Pace = Pace.OBJECT, timeout_s: float = 30.0) -> Operation:
    name = f"machines.{verb}"
    return Operation(name=name, method="GET", path=path, safety=Safety.READ, pace=pace, timeout_s=timeout_s)


def _write(verb: str, path: str, safety: Safety, method: str = "POST", timeout_s: float = 30.0) -> Operation:
    return Operation(name=f"machines.{verb}", method=method, path=path, safety=safety, timeout_s=timeout_s)


LIST = _read("list", _ALL)
GET = _read("get", _ONE, Pace.GET_MACHINE)
WAIT = Operation(
    name="machines.wait",
    method="GET",
    path=_ONE + "/wait",
    # The waiter repeats it under its own deadline; repeating it here would outlast that.
    safety=Safety.CREATE,
    timeout_s=70.0,
)
EVENTS = _read("events", _ONE + "/events")
VERSIONS = _read("versions", _ONE + "/versions")
PS = _read("ps", _ONE + "/ps")
METADATA = _read("metadata", _ONE + "/metadata")

CREATE = _write("create", _ALL, Safety.CREATE, timeout_s=60.0)
UPDATE = _write("update", _ONE, Safety.CREATE, timeout_s=60.0)
RESTART = _write("restart", _ONE + "/restart", Safety.CREATE, timeout_s=60.0)
SIGNAL = _write("signal", _ONE + "/signal", Safety.CREATE)
EXEC = _write("exec", _ONE + "/exec", Safety.CREATE)

START = _write("start", _ONE + "/start", Safety.REPEATABLE_WRITE)
STOP = _write("stop", _ONE + "/stop", Safety.REPEATABLE_WRITE)
SUSPEND = _write("suspend", _ONE + "/suspend", Safety.REPEATABLE_WRITE)
CORDON = _write("cordon", _ONE + "/cordon", Safety.REPEATABLE_WRITE)
UNCORDON = _write("uncordon", _ONE + "/uncordon", Safety.REPEATABLE_WRITE)
DESTROY = _write("destroy", _ONE, Safety.REPEATABLE_WRITE, "DELETE")
UPDATE_METADATA = _write("update_metadata", _ONE + "/metadata", Safety.REPEATABLE_WRITE, "PATCH")
SET_METADATA = _write("set_metadata", _ONE + "/metadata/{key}", Safety.REPEATABLE_WRITE)
DELETE_METADATA = _write("delete_metadata", _ONE + "/metadata/{key}", Safety.REPEATABLE_WRITE, "DELETE")
