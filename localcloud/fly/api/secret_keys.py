"""Secret keys of an app: kept by Fly, used through it, their private part never shown.

Bytes are arrays of numbers in Fly's description and base64 texts from fly-go; both are read, arrays are
answered (Go reads those as bytes too). Keys count in the app's secrets version. Cryptography:
`localcloud/fly/secret_keys`.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.api.secrets import check_name, demand_version
from localcloud.fly.model.app import App, SecretKey
from localcloud.fly.secret_keys.keys import Es256, Hmac, Xaes256Gcm, key_type
from localcloud.fly.volumes.wire import moment
from localcloud.fly.wire_error import WireError


def _list(call: Call) -> Answer:
    app = the_app(call)
    demand_version(call, app)
    wanted = [name for name in call.one("types").split(",") if name]
    keys = [key for _, key in sorted(app.secret_keys.items()) if not wanted or key.type in wanted]
    return Answer(body={"secret_keys": [_shown(key) for key in keys]})


def _get(call: Call) -> Answer:
    return Answer(body=_shown(_the_key(call)))


def _set(call: Call) -> Answer:
    return _keep(call, _bytes(call, "value"))


def _generate(call: Call) -> Answer:
    return _keep(call, None)


def _delete(call: Call) -> Answer:
    app, key = the_app(call), _the_key(call)
    del app.secret_keys[key.name]
    return Answer(body=_next_version(call, app))


def _encrypt(call: Call) -> Answer:
    key, family = _the_key_as(call, Xaes256Gcm)
    sealed = family.encrypt(key.material, _bytes(call, "plaintext"), _bytes(call, "associated_data"))
    return Answer(body={"ciphertext": list(sealed)})


def _decrypt(call: Call) -> Answer:
    key, family = _the_key_as(call, Xaes256Gcm)
    plaintext = family.decrypt(key.material, _bytes(call, "ciphertext"), _bytes(call, "associated_data"))
    if plaintext is None:
        raise WireError(400, "invalid_argument: decryption failed")
    return Answer(body={"plaintext": list(plaintext)})


def _sign(call: Call) -> Answer:
    key, family = _the_signer(call)
    return Answer(body={"signature": list(family.sign(key.material, _bytes(call, "plaintext")))})


def _verify(call: Call) -> Answer:
    key, family = _the_signer(call)
    if not family.verify(key.material, _bytes(call, "plaintext"), _bytes(call, "signature")):
        raise WireError(400, "invalid_argument: signature verification failed")
    return Answer(status=204)


def _keep(call: Call, given: bytes | None) -> Answer:
    app, name = the_app(call), call.path["secret_name"]
    check_name(name)
    type_name = str(call.fields().get("type") or "")
    family = key_type(type_name)
    material = family.new_material() if given is None else given
    family.check(material)
    now, before = call.world.clock.now(), app.secret_keys.get(name)
    key = SecretKey(
        name=name,
        type=type_name,
        material=material,
        created_at=before.created_at if before else now,
        updated_at=now,
    )
    app.secret_keys[name] = key
    return Answer(status=201, body=_shown(key) | _next_version(call, app))


def _next_version(call: Call, app: App) -> dict[str, int]:
    app.secrets_version += 1
    call.world.changed()
    return {"version": app.secrets_version, "Version": app.secrets_version}


def _shown(key: SecretKey) -> dict[str, Any]:
    public = key_type(key.type).public(key.material)
    return {
        "name": key.name,
        "type": key.type,
        "created_at": moment(key.created_at),
        "updated_at": moment(key.updated_at),
        **({"public_key": list(public)} if public else {}),
    }


def _the_key(call: Call) -> SecretKey:
    app = the_app(call)
    demand_version(call, app)
    key = app.secret_keys.get(call.path["secret_name"])
    if key is None:
        raise WireError(404, "not_found: secret key not found")
    return key


def _the_key_as(call: Call, wanted: type[Xaes256Gcm]) -> tuple[SecretKey, Xaes256Gcm]:
    key = _the_key(call)
    family = key_type(key.type)
    if not isinstance(family, wanted):
        raise WireError(400, f"invalid_argument: a key of type {key.type} does not encrypt")
    return key, family


def _the_signer(call: Call) -> tuple[SecretKey, Hmac | Es256]:
    key = _the_key(call)
    family = key_type(key.type)
    if not isinstance(family, Hmac | Es256):
        raise WireError(400, f"invalid_argument: a key of type {key.type} does not sign")
    return key, family


def _bytes(call: Call, name: str) -> bytes:
    value = call.fields().get(name)
    try:
        if isinstance(value, str):
            return base64.b64decode(value, validate=True)
        return bytes(value or [])
    except (ValueError, TypeError, binascii.Error) as error:
        raise WireError(400, f"invalid_argument: {name} is not a list of bytes") from error


_KEY = "/v1/apps/{app_name}/secretkeys/{secret_name}"

ROUTES = (
    Route(method="GET", path="/v1/apps/{app_name}/secretkeys", operation_id="Secretkeys_list", handler=_list),
    Route(method="GET", path=_KEY, operation_id="Secretkey_get", handler=_get),
    Route(method="POST", path=_KEY, operation_id="Secretkey_set", handler=_set),
    Route(method="DELETE", path=_KEY, operation_id="Secretkey_delete", handler=_delete),
    Route(method="POST", path=f"{_KEY}/generate", operation_id="Secretkey_generate", handler=_generate),
    Route(method="POST", path=f"{_KEY}/encrypt", operation_id="Secretkey_encrypt", handler=_encrypt),
    Route(method="POST", path=f"{_KEY}/decrypt", operation_id="Secretkey_decrypt", handler=_decrypt),
    Route(method="POST", path=f"{_KEY}/sign", operation_id="Secretkey_sign", handler=_sign),
    Route(method="POST", path=f"{_KEY}/verify", operation_id="Secretkey_verify", handler=_verify),
)
