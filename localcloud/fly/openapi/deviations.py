"""Where the wire is known to differ from Fly's description: the whole list, each with its source.

The check accepts the description plus this and nothing else, so that a deviation nobody wrote down fails.
Query parameters that neither names are refused, although Fly ignores them: a misspelled one must not pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One known difference.

    Args:
        operations: operation ids, with `*`.
        what: the difference in a sentence.
        source: where it is seen.
        query: further query parameters; a name may hold `*`.
        body_optional: the body the description requires may be missing.
        optional_headers: required headers that may be missing.
        answers: further bodies of a success, as schemas over the description's components.
        statuses: further refusals, with the description's `ErrorResponse`.
        properties: `Schema.property` to what it really is, in every operation.
    """

    operations: tuple[str, ...] = ("*",)
    what: str
    source: str
    query: Mapping[str, Schema] = field(default_factory=dict)
    body_optional: bool = False
    optional_headers: tuple[str, ...] = ()
    answers: Mapping[int, Schema] = field(default_factory=dict)
    statuses: tuple[int, ...] = ()
    properties: Mapping[str, Schema] = field(default_factory=dict)

    def meets(self, operation_id: str) -> bool:
        """Tell whether an operation deviates so."""
        return any(fnmatchcase(operation_id, pattern) for pattern in self.operations)


_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": "integer"}
_OK: Schema = {"type": "object", "properties": {"ok": _FLAG}, "required": ["ok"]}
_FLAPS = "fly-go flaps"


def _component(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _any_of(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


_BYTES = _any_of(_TEXT, {"type": "array", "items": _NUMBER})

DEVIATIONS: tuple[Deviation, ...] = (
    Deviation(
        what="refusals the description leaves out: token, foreign app, absent object, size, rate, outage",
        source="fly-go flaps_apps.go AppNameAvailable; docs working-with-machines-api",
        statuses=(400, 401, 403, 404, 408, 413, 429, 500, 501, 502, 503, 504),
    ),
    Deviation(
        operations=("Machines_*", "Volume*", "createVolumeSnapshot", "App*", "Secret*", "Platform_*"),
        what="conflicts, failed preconditions, lack of capacity and invalid values",
        source="community 15555; Kilo-Org/cloud #388 #412 #516; flyctl #2852",
        statuses=(409, 412, 422),
    ),
    Deviation(
        operations=("Apps_create",),
        what="`?wait=true` answers with the whole App",
        source=f"{_FLAPS}/flaps_apps.go CreateApp",
        query={"wait": _FLAG},
        answers={201: _component("App")},
        properties={"App.created_at": _NUMBER},
    ),
    Deviation(
        operations=("Apps_create",),
        what="the body may name a role: `app_role_id`",
        source=f"{_FLAPS}/flaps_apps.go CreateAppRequest",
        properties={"CreateAppRequest.app_role_id": _TEXT},
    ),
    Deviation(
        operations=("Apps_*",),
        what="an App carries `cname_target` and `app_role`",
        source=f"{_FLAPS}/flaps_apps.go App",
        properties={"App.cname_target": _TEXT, "App.app_role": _TEXT},
    ),
    Deviation(
        operations=("Machines_delete",),
        what="`?kill=` stands for `?force=`; the answer is `{ok}`",
        source=f"{_FLAPS}/flaps_machines.go Destroy",
        query={"kill": _FLAG},
        answers={200: _OK},
    ),
    Deviation(
        operations=("Machines_create_lease",),
        what="`?ttl=` without a body",
        source=f"{_FLAPS}/flaps_machines.go AcquireLease; docs _machines_lease_create_resp.erb",
        query={"ttl": _NUMBER},
        body_optional=True,
    ),
    Deviation(
        operations=("Machines_create_lease", "Machines_show_lease", "Machines_release_lease"),
        what="leases come in an envelope `{status, data}`",
        source=f"{_FLAPS}/flaps_machines.go FindLease, AcquireLease, ReleaseLease",
        answers={
            status: {
                "type": "object",
                "properties": {"status": _TEXT, "message": _TEXT, "data": _component("Lease")},
                "required": ["status"],
            }
            for status in (200, 201)
        },
    ),
    Deviation(
        operations=("Machines_release_lease",),
        what="the nonce header may be missing: the lease is then refused or already gone",
        source=f"{_FLAPS}/flaps_machines.go ReleaseLease",
        optional_headers=("fly-machine-lease-nonce",),
    ),
    Deviation(
        operations=("Machines_stop",),
        what="the body holds the machine's `id` and a `timeout` such as 10s; the answer is `{ok}`",
        source=f"{_FLAPS}/flaps_machines.go Stop",
        properties={
            "StopRequest.id": _TEXT,
            "StopRequest.signal": _any_of(_TEXT, _NUMBER),
            "StopRequest.timeout": _any_of(_TEXT, _NUMBER),
        },
        answers={200: _OK},
    ),
    Deviation(
        operations=("Machines_start",),
        what="the answer is `{previous_state, migrated, new_host}`",
        source=f"{_FLAPS}/flaps_machines.go Start",
        answers={
            200: {
                "type": "object",
                "properties": {"previous_state": _TEXT, "migrated": _FLAG, "new_host": _TEXT},
                "required": ["previous_state"],
            }
        },
    ),
    Deviation(
        operations=("Machines_suspend", "Machines_restart", "Machines_signal", "Machines_*cordon"),
        what="the answer is `{ok}`",
        source=f"{_FLAPS}/flaps_machines.go",
        answers={200: _OK},
    ),
    Deviation(
        operations=("Machines_signal",),
        what="`signal` may be a number",
        source=f"{_FLAPS}/flaps_machines.go Kill",
        properties={"SignalRequest.signal": _any_of(_TEXT, _NUMBER)},
    ),
    Deviation(
        operations=("Machines_restart",),
        what="`?force_stop=`",
        source=f"{_FLAPS}/flaps_machines.go Restart",
        query={"force_stop": _FLAG},
    ),
    Deviation(
        operations=("Machines_wait",),
        what="`state` may be repeated or hold several, comma-separated",
        source=f"{_FLAPS}/flaps_machines_wait.go",
        query={"state": _TEXT},
    ),
    Deviation(
        operations=("Machines_update_metadata*",),
        what="null removes a key",
        source="the description's own text of the operation",
        properties={"updateMetadataRequest.metadata": {"type": "object"}},
    ),
    Deviation(
        operations=("Machines_list",),
        what="`metadata.<key>=` filters",
        source="the description's own `metadata.{key}`",
        query={"metadata.*": _TEXT},
    ),
    Deviation(
        operations=("Secret*",),
        what="`?version=` stands for `?min_version=`; `Version` beside `version`",
        source=f"{_FLAPS}/flaps_secrets.go",
        query={"version": _TEXT},
        properties={"AppSecretsUpdateRequest.values": {"type": "object"}},
    ),
    Deviation(
        what="`autostop` is a boolean in answers, and still accepted as one",
        source="the description's own text of `autostop`",
        properties={"fly.MachineService.autostop": _any_of(_TEXT, _FLAG)},
    ),
    Deviation(
        what="`config` of a machine on an unreachable host is null; `incomplete_config` stands in",
        source="fly-go machine_types.go; flyctl #4936",
        properties={"Machine.config": _any_of(_component("fly.MachineConfig"), {"type": "null"})},
    ),
    Deviation(
        operations=("Volumes_org_list",),
        what="organisation lists name the regions that did not answer: `error_regions`",
        source="the description of Machines_org_list",
        properties={"OrgVolumesResponse.error_regions": {"type": "array", "items": _TEXT}},
    ),
    Deviation(
        operations=("App_IPAssignments_create",),
        what="`ip` is null when a pair was asked for",
        source="the description's own text of `ip_pair`",
        properties={"AssignIPResponse.ip": _any_of(_TEXT, {"type": "null"})},
    ),
    Deviation(
        operations=("Secretkey_*",),
        what="bytes are sent as base64, as Go encodes them",
        source="fly-go secrets_types.go",
        properties={
            "SetSecretkeyRequest.value": _BYTES,
            "EncryptSecretkeyRequest.plaintext": _BYTES,
            "EncryptSecretkeyRequest.associated_data": _BYTES,
            "DecryptSecretkeyRequest.ciphertext": _BYTES,
            "DecryptSecretkeyRequest.associated_data": _BYTES,
            "SignSecretkeyRequest.plaintext": _BYTES,
            "VerifySecretkeyRequest.plaintext": _BYTES,
            "VerifySecretkeyRequest.signature": _BYTES,
        },
    ),
)


def deviations_of(operation_id: str) -> list[Deviation]:
    """Return every deviation of an operation."""
    return [deviation for deviation in DEVIATIONS if deviation.meets(operation_id)]
