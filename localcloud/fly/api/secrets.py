"""Secrets of an app: one version counter, digests, values in one atomic batch.

A value reaches machines at their next start only. Values are shown to nobody who did not ask with
`show_secrets`, and to no deploy token. Sources: Fly's API description, fly-go `secrets_types.go` (flyctl asks
with `?version=` where the description says `min_version`).
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.model import App, Secret
from localcloud.fly.volumes.wire import moment
from localcloud.fly.wire_error import WireError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,254}")


def demand_version(call: Call, app: App) -> None:
    """Refuse to show secrets older than the caller knows to exist.

    Raises:
        WireError: 400 not a version, 412 the app is not that far.
    """
    text = call.one("min_version") or call.one("version")
    if not text:
        return
    if not (text.isascii() and text.isdigit()):
        raise WireError(400, "invalid_argument: min_version must be a number")
    if int(text[:20]) > app.secrets_version:
        raise WireError(
            412, f"failed_precondition: secrets are at version {app.secrets_version}, not yet at {text[:20]}"
        )


def check_name(name: str) -> None:
    """Refuse what cannot name an environment variable.

    Raises:
        WireError: 400.
    """
    if not _NAME.fullmatch(name):
        raise WireError(
            400, "invalid_argument: secret names are letters, digits and underscores, no digit first"
        )


def _list(call: Call) -> Answer:
    app = the_app(call)
    demand_version(call, app)
    rows = [_shown(secret, with_value=_may_show(call)) for _, secret in sorted(app.secrets.items())]
    return Answer(body={"secrets": rows})


def _update(call: Call) -> Answer:
    app = the_app(call)
    values: dict[str, Any] = call.fields().get("values") or {}
    for name, value in values.items():
        check_name(name)
        _check_value(name, value)
    return Answer(body=_apply(call, app, values) | {"secrets": _shown_all(app, values)})


def _get(call: Call) -> Answer:
    app = the_app(call)
    demand_version(call, app)
    return Answer(body=_shown(_the_secret(call, app), with_value=_may_show(call)))


def _create(call: Call) -> Answer:
    app, name, value = the_app(call), call.path["secret_name"], call.fields().get("value") or ""
    check_name(name)
    _check_value(name, value)
    version = _apply(call, app, {name: value})
    return Answer(status=201, body=_shown(app.secrets[name]) | version)


def _delete(call: Call) -> Answer:
    app = the_app(call)
    secret = _the_secret(call, app)
    return Answer(body=_apply(call, app, {secret.name: None}))


def _apply(call: Call, app: App, values: dict[str, str | None]) -> dict[str, Any]:
    """Set and remove in one step, as one new version; return the version under both its names."""
    now = call.world.clock.now()
    app.secrets_version += bool(values)
    for name, value in values.items():
        before = app.secrets.pop(name, None)
        if value is not None:
            app.secrets[name] = Secret(
                name=name,
                value=value,
                digest=_digest(app, value),
                version=app.secrets_version,
                created_at=before.created_at if before else now,
                updated_at=now,
            )
    call.world.changed()
    return {"version": app.secrets_version, "Version": app.secrets_version}


def _shown_all(app: App, names: dict[str, str | None]) -> list[dict[str, Any]]:
    return [_shown(app.secrets[name]) for name in sorted(names) if name in app.secrets]


def _shown(secret: Secret, *, with_value: bool = False) -> dict[str, Any]:
    return {
        "name": secret.name,
        "digest": secret.digest,
        "created_at": moment(secret.created_at),
        "updated_at": moment(secret.updated_at),
        **({"value": secret.value} if with_value else {}),
    }


def _may_show(call: Call) -> bool:
    if not call.flag("show_secrets"):
        return False
    if call.scope.startswith("app:"):
        raise WireError(403, "permission_denied: this token may not read secret values")
    return True


def _the_secret(call: Call, app: App) -> Secret:
    secret = app.secrets.get(call.path["secret_name"])
    if secret is None:
        raise WireError(404, "not_found: secret not found")
    return secret


def _check_value(name: str, value: object) -> None:
    if not isinstance(value, str | None):
        raise WireError(400, f"invalid_argument: the value of {name} must be a string or null")
    # JSON can spell halves of surrogate pairs, which cannot be written as UTF-8.
    if value is not None and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise WireError(400, f"invalid_argument: the value of {name} is not text")


def _digest(app: App, value: str) -> str:
    """Equal for equal values of one app, and of no use for finding the same value in another app."""
    return hashlib.sha256(f"{app.id}:{value}".encode()).hexdigest()[:16]


ROUTES = (
    Route(method="GET", path="/v1/apps/{app_name}/secrets", operation_id="Secrets_list", handler=_list),
    Route(method="POST", path="/v1/apps/{app_name}/secrets", operation_id="Secrets_update", handler=_update),
    Route(
        method="GET",
        path="/v1/apps/{app_name}/secrets/{secret_name}",
        operation_id="Secret_get",
        handler=_get,
    ),
    Route(
        method="POST",
        path="/v1/apps/{app_name}/secrets/{secret_name}",
        operation_id="Secret_create",
        handler=_create,
    ),
    Route(
        method="DELETE",
        path="/v1/apps/{app_name}/secrets/{secret_name}",
        operation_id="Secret_delete",
        handler=_delete,
    ),
)
