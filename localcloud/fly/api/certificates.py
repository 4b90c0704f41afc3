"""Certificates of an app's host names: by ACME, imported, checked, removed.

A check is the repair; removing and adding again spends the authority's weekly limit. Behaviour:
`localcloud/fly/certificates`.
"""

from __future__ import annotations

import re

from localcloud.fly.api.cursor import limit_of, page_of
from localcloud.fly.api.lookup import the_app
from localcloud.fly.api.route import Answer, Call, Route
from localcloud.fly.certificates import acme
from localcloud.fly.certificates.imported import read_chain
from localcloud.fly.certificates.wire import check_json, detail_json, summary_json
from localcloud.fly.model import App, Certificate
from localcloud.fly.wire_error import WireError

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOSTNAME = re.compile(rf"(\*\.)?({_LABEL}\.)+{_LABEL}")
_LONGEST_HOSTNAME = 253


def _list(call: Call) -> Answer:
    wanted = call.one("filter").lower()
    found = {name: one for name, one in the_app(call).certificates.items() if wanted in name}
    now, limit = call.world.clock.now(), limit_of(call.one("limit"), default=25, highest=500)
    page = page_of(found, cursor=call.one("cursor"), limit=limit, now=now)
    rows = [summary_json(found[name], now) for name in page.keys]
    return Answer(body={"certificates": rows, "next_cursor": page.next_cursor, "total_count": len(found)})


def _request_acme(call: Call) -> Answer:
    app, hostname = the_app(call), _hostname(call)
    certificate = app.certificates.get(hostname) or _new(call, app, hostname, "fly")
    if certificate.acme_requested:
        raise WireError(422, f"Hostname already exists on app: {hostname}")
    certificate.acme_requested = True
    return _started(call, app, certificate)


def _import_custom(call: Call) -> Answer:
    app, hostname, fields = the_app(call), _hostname(call), call.fields()
    fullchain = str(fields.get("fullchain") or "")
    expires_at = read_chain(hostname, fullchain, str(fields.get("private_key") or ""), call.world.clock.now())
    certificate = app.certificates.get(hostname) or _new(call, app, hostname, "custom")
    certificate.fullchain, certificate.custom_expires_at = fullchain, expires_at
    return _started(call, app, certificate)


def _get(call: Call) -> Answer:
    app, certificate = _the_certificate(call)
    return Answer(body=detail_json(call.world, app, certificate))


def _check(call: Call) -> Answer:
    app, certificate = _the_certificate(call)
    acme.look(call.world, app, certificate)
    return Answer(body=check_json(call.world, app, certificate))


def _delete(call: Call) -> Answer:
    app, certificate = _the_certificate(call)
    del app.certificates[certificate.hostname]
    call.world.changed()
    return Answer(status=204)


def _delete_acme(call: Call) -> Answer:
    app, certificate = _the_certificate(call)
    certificate.acme_requested = False
    certificate.issued_at = certificate.expires_at = certificate.rate_limited_until = None
    certificate.updated_at = call.world.clock.now()
    call.world.changed()
    return Answer(body=detail_json(call.world, app, certificate))


def _delete_custom(call: Call) -> Answer:
    app, certificate = _the_certificate(call)
    if not certificate.fullchain:
        raise WireError(404, "not_found: custom certificate not found")
    certificate.fullchain, certificate.custom_expires_at = "", None
    certificate.updated_at = call.world.clock.now()
    call.world.changed()
    warning = "" if certificate.acme_requested else "no certificate is left for this hostname"
    body = detail_json(call.world, app, certificate)
    return Answer(body=body | ({"warning": warning} if warning else {}))


def _started(call: Call, app: App, certificate: Certificate) -> Answer:
    certificate.updated_at = call.world.clock.now()
    acme.start(call.world, app, certificate)
    call.world.changed()
    return Answer(status=201, body=detail_json(call.world, app, certificate))


def _new(call: Call, app: App, hostname: str, source: str) -> Certificate:
    now = call.world.clock.now()
    certificate = Certificate(
        id=f"cert_{call.world.records.ids.text(14)}",
        hostname=hostname,
        source=source,
        created_at=now,
        updated_at=now,
    )
    app.certificates[hostname] = certificate
    return certificate


def _hostname(call: Call) -> str:
    hostname = str(call.fields().get("hostname") or "").lower()
    if len(hostname) > _LONGEST_HOSTNAME or not _HOSTNAME.fullmatch(hostname):
        raise WireError(422, "Validation failed: Hostname is invalid")
    return hostname


def _the_certificate(call: Call) -> tuple[App, Certificate]:
    app = the_app(call)
    certificate = app.certificates.get(call.path["hostname"].lower())
    if certificate is None:
        raise WireError(404, "not_found: certificate not found")
    return app, certificate


_ALL = "/v1/apps/{app_name}/certificates"
_ONE = f"{_ALL}/{{hostname}}"

ROUTES = (
    Route(method="GET", path=_ALL, operation_id="App_Certificates_list", handler=_list),
    Route(
        method="POST", path=f"{_ALL}/acme", operation_id="App_Certificates_acme_create", handler=_request_acme
    ),
    Route(
        method="POST",
        path=f"{_ALL}/custom",
        operation_id="App_Certificates_custom_create",
        handler=_import_custom,
    ),
    Route(method="GET", path=_ONE, operation_id="App_Certificates_show", handler=_get),
    Route(method="DELETE", path=_ONE, operation_id="App_Certificates_delete", handler=_delete),
    Route(
        method="DELETE",
        path=f"{_ONE}/acme",
        operation_id="App_Certificates_acme_delete",
        handler=_delete_acme,
    ),
    Route(
        method="DELETE",
        path=f"{_ONE}/custom",
        operation_id="App_Certificates_custom_delete",
        handler=_delete_custom,
    ),
    Route(method="POST", path=f"{_ONE}/check", operation_id="App_Certificates_check", handler=_check),
)
