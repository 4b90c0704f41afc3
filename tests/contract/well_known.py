"""Requests that succeed on `PopulatedFly`: at least one of every operation, in the forms clients use."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from tests.contract.populated_fly import LIGHT, Asked, PopulatedFly

_CONFIG = {"image": LIGHT, "services": [{"protocol": "tcp", "internal_port": 80, "autostop": False}]}


def well_known(fly: PopulatedFly) -> list[Asked]:
    """Return them; each starts from the populated state."""
    return [
        *_apps(fly),
        *_machines(fly),
        *_single_machines(fly),
        *_leases(fly),
        *_volumes(fly),
        *_belongings(fly),
    ]


def _base64(numbers: Iterable[int]) -> str:
    return base64.b64encode(bytes(numbers)).decode()


def _apps(fly: PopulatedFly) -> list[Asked]:
    new = {"name": "new", "org_slug": "lifeboat"}
    placement = {"org_slug": "lifeboat", "region": "fra,eu", "count": 2}
    del fly
    return [
        Asked(operation="Apps_create", body=new),
        Asked(operation="Apps_create", query=[("wait", "true")], body={**new, "app_role_id": "postgres"}),
        Asked(operation="Apps_list", query=[("org_slug", "lifeboat"), ("limit", "2")]),
        Asked(operation="Apps_show"),
        Asked(operation="Apps_delete", path={"app_name": "doomed"}),
        Asked(operation="App_create_deploy_token", body={"expiry": "1h"}),
        Asked(operation="CurrentToken_show"),
        Asked(operation="Platform_regions_get"),
        Asked(operation="Platform_placements_post", body=placement),
        Asked(operation="Machines_org_list", query=[("limit", "2")]),
        Asked(operation="Volumes_org_list", query=[("summary", "true")]),
    ]


def _machines(fly: PopulatedFly) -> list[Asked]:
    stopped = {"machine_id": fly.known["machine stopped"]}
    return [
        Asked(operation="Machines_list", query=[("metadata.role", "standby"), ("include_deleted", "true")]),
        Asked(operation="Machines_list", query=[("limit", "2"), ("state", "started,stopped")]),
        Asked(operation="Machines_create", body={"region": "ord,eu", "config": _CONFIG, "lease_ttl": 30}),
        Asked(operation="Machines_show", query=[("include_leases", "true")]),
        Asked(operation="Machines_show", path={"machine_id": fly.known["machine leased"]}),
        Asked(operation="Machines_update", body={"config": _CONFIG, "current_version": fly.known["version"]}),
        Asked(operation="Machines_delete", query=[("kill", "true")]),
        Asked(operation="Machines_delete", path=stopped),
        Asked(operation="Machines_list_events", query=[("limit", "5")]),
        Asked(operation="Machines_list_versions"),
        Asked(operation="Machines_list_processes"),
    ]


def _single_machines(fly: PopulatedFly) -> list[Asked]:
    stopped = {"machine_id": fly.known["machine stopped"]}
    any_end = [
        ("state", "started"),
        ("state", "stopped"),
        ("timeout", "1"),
        ("version", fly.known["version"]),
    ]
    return [
        Asked(operation="Machines_start", path=stopped),
        Asked(operation="Machines_stop", body={"signal": "SIGTERM", "timeout": "10s"}),
        Asked(operation="Machines_stop", body={"id": fly.known["machine_id"], "signal": 15, "timeout": 10}),
        Asked(operation="Machines_stop"),
        Asked(operation="Machines_suspend"),
        Asked(operation="Machines_restart", query=[("force_stop", "true"), ("timeout", "30s")]),
        Asked(operation="Machines_signal", body={"signal": "SIGHUP"}),
        Asked(operation="Machines_signal", body={"signal": 1}),
        Asked(operation="Machines_cordon"),
        Asked(operation="Machines_uncordon"),
        Asked(
            operation="Machines_exec",
            path={"machine_id": fly.known["machine demo"]},
            body={"command": ["ls"]},
        ),
        Asked(operation="Machines_wait", query=any_end),
        Asked(operation="Machines_wait", query=[("state", "started,suspended")]),
        Asked(operation="Machines_show_metadata"),
        Asked(operation="Machines_update_metadata", body={"metadata": {"a": "b", "role": None}}),
        Asked(operation="Machines_update_metadata_deprecated", body={"metadata": {"a": "b"}}),
        Asked(operation="Machines_get_metadata_key"),
        Asked(operation="Machines_upsert_metadata", body={"value": "b"}),
        Asked(operation="Machines_delete_metadata"),
    ]


def _leases(fly: PopulatedFly) -> list[Asked]:
    leased, nonce = (
        {"machine_id": fly.known["machine leased"]},
        {"fly-machine-lease-nonce": fly.known["nonce"]},
    )
    return [
        Asked(operation="Machines_create_lease", query=[("ttl", "13")]),
        Asked(operation="Machines_create_lease", body={"ttl": 13, "description": "mine"}),
        Asked(operation="Machines_create_lease", path=leased, headers=nonce, body={"ttl": 13}),
        Asked(operation="Machines_show_lease", path=leased),
        Asked(operation="Machines_release_lease", path=leased, headers=nonce),
    ]


def _volumes(fly: PopulatedFly) -> list[Asked]:
    restored = {"name": "restored", "region": "ord", "snapshot_id": fly.known["snapshot"], "size_gb": None}
    return [
        Asked(operation="Volumes_list", query=[("summary", "true")]),
        Asked(operation="Volumes_create", body={"name": "more", "region": "fra"}),
        Asked(operation="Volumes_create", body=restored),
        Asked(operation="Volumes_get_by_id"),
        Asked(operation="Volumes_update", body={"snapshot_retention": 9}),
        Asked(operation="Volumes_extend", body={"size_gb": 5}),
        Asked(operation="Volume_delete"),
        Asked(operation="Volumes_list_snapshots"),
        Asked(operation="createVolumeSnapshot"),
    ]


def _belongings(fly: PopulatedFly) -> list[Asked]:
    own, chain = {"hostname": "own.example.com"}, {"fullchain": fly.chain, "private_key": fly.key}
    seal, sign = {"secret_name": "SEAL"}, {"secret_name": "SIGN"}
    sealed, signed = json.loads(fly.known["sealed"]), json.loads(fly.known["signed"])
    key = {"type": "hs256", "value": list(range(32))}
    return [
        Asked(operation="Secrets_list", query=[("version", "1"), ("show_secrets", "true")]),
        Asked(operation="Secrets_update", body={"values": {"TOKEN": None, "NEW": "three"}}),
        Asked(operation="Secret_get", query=[("version", "1")]),
        Asked(operation="Secret_create", body={"value": "four"}),
        Asked(operation="Secret_delete"),
        Asked(operation="Secretkeys_list", query=[("version", "1")]),
        Asked(operation="Secretkey_get", path=seal, query=[("version", "1")]),
        Asked(operation="Secretkey_set", path=sign, body=key),
        Asked(operation="Secretkey_set", path=sign, body={**key, "value": _base64(range(32))}),
        Asked(operation="Secretkey_generate", path=sign, body={"type": "es256"}),
        Asked(
            operation="Secretkey_encrypt", path=seal, body={"plaintext": "AQI=", "associated_data": "AQI="}
        ),
        Asked(operation="Secretkey_decrypt", path=seal, body={"ciphertext": sealed}),
        Asked(
            operation="Secretkey_decrypt",
            path=seal,
            body={"ciphertext": _base64(sealed), "associated_data": ""},
        ),
        Asked(operation="Secretkey_sign", path=sign, body={"plaintext": [1, 2]}),
        Asked(operation="Secretkey_sign", path=sign, body={"plaintext": _base64([1, 2])}),
        Asked(operation="Secretkey_verify", path=sign, body={"plaintext": [1, 2], "signature": signed}),
        Asked(
            operation="Secretkey_verify",
            path=sign,
            body={"plaintext": _base64([1, 2]), "signature": _base64(signed)},
        ),
        Asked(operation="Secretkey_delete", path=seal),
        Asked(operation="App_IPAssignments_list"),
        Asked(operation="App_IPAssignments_create", body={"type": "egress_pair", "region": "fra"}),
        Asked(operation="App_IPAssignments_create", body={"type": "private_v6"}),
        Asked(operation="App_IPAssignments_delete"),
        Asked(operation="App_Certificates_list", query=[("limit", "1"), ("filter", "example")]),
        Asked(operation="App_Certificates_acme_create", body={"hostname": "more.example.com"}),
        Asked(operation="App_Certificates_custom_create", body={**own, **chain}),
        Asked(operation="App_Certificates_show"),
        Asked(operation="App_Certificates_check", path=own),
        Asked(operation="App_Certificates_acme_delete"),
        Asked(operation="App_Certificates_custom_delete", path=own),
        Asked(operation="App_Certificates_delete", path=own),
    ]
