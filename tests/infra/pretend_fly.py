"""What Fly would have made of things: ids and addresses made of the inputs, the same in every run."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

PREFIX = "fly:index:"
Values = dict[str, Any]


def outputs_of(type_: str, name: str, inputs: Values) -> tuple[str, Values]:
    """Return the id and the outputs of a Fly resource: its inputs, and what Fly adds.

    Raises:
        LookupError: a type the program is not known to use.
    """
    token = hashlib.sha256(f"{type_} {name}".encode()).hexdigest()
    made = _MADE[type_.removeprefix(PREFIX)](inputs, token)
    return f"{inputs.get('app') or inputs.get('name')}/{token[:14]}", {**inputs, **made}


def _app(inputs: Values, token: str) -> Values:
    return {
        "appId": token[:12],
        "internalNumericId": int(token[:6], 16),
        "hostname": f"{inputs['name']}.fly.dev",
    }


def _address(inputs: Values, token: str) -> Values:
    return {"ip": f"2001:db8::{token[:4]}" if inputs["type"] == "v6" else f"192.0.2.{int(token[:2], 16)}"}


def _egress(_inputs: Values, token: str) -> Values:
    return {"ipv4": f"198.51.100.{int(token[:2], 16)}", "ipv6": f"2001:db8::{token[:4]}"}


def _volume(_inputs: Values, token: str) -> Values:
    return {"volumeId": f"vol_{token[:20]}", "zone": token[:4], "state": "created"}


def _certificate(inputs: Values, _token: str) -> Values:
    hostname = inputs["hostname"]
    records = {
        "a": ["192.0.2.1"],
        "aaaa": ["2001:db8::1"],
        "cname": f"{hostname}.fly.dev",
        "acmeChallenge": {"name": f"_acme-challenge.{hostname}", "target": f"{hostname}.flydns.net"},
        "ownership": {"name": f"_fly-ownership.{hostname}", "appValue": "app-x", "orgValue": "org-x"},
    }
    return {"status": "pending_validation", "configured": False, "dnsRequirements": records}


def _secrets(inputs: Values, token: str) -> Values:
    digests = dict.fromkeys(inputs.get("sources", {}), token[:16])
    return {"version": 1, "digests": digests, "sourceVersions": {}, "missing": []}


def _group(inputs: Values, token: str) -> Values:
    roles = {"active": inputs["regions"], "standby": inputs.get("standbyRegions", {})}
    machines = [
        {
            "id": hashlib.sha256(f"{token}{role}{region}{number}".encode()).hexdigest()[:14],
            "name": f"{inputs['group']}-{region}-{number}",
            "region": region,
            "role": role,
        }
        for role, counts in roles.items()
        for region, count in counts.items()
        for number in range(1, int(count) + 1)
    ]
    return {"machines": machines, "imageDigest": f"sha256:{token}", "configDigest": token}


_MADE: dict[str, Callable[[Values, str], Values]] = {
    "App": _app,
    "AppSecrets": _secrets,
    "Certificate": _certificate,
    "EgressIp": _egress,
    "IpAddress": _address,
    "MachineGroup": _group,
    "Volume": _volume,
}
