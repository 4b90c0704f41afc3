"""Which app a host name means. Pure.

`<app>.fly.dev`, `<app>.localhost` (which resolves to this machine in browsers and curl) and host names of
certificates whose DNS points here reach an app with a public address; `<app>.flycast` one with a private
address. An app without an address of the kind is not reachable by that name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from localcloud.fly.model import App

_PUBLIC_SUFFIXES = (".fly.dev", ".localhost")
_PRIVATE_SUFFIX = ".flycast"
_PORT = re.compile(r":[0-9]*\Z")


def app_of(host: str, apps: dict[str, App]) -> App | None:
    """Return the app that answers for a `Host` header, None when no app does."""
    name = _PORT.sub("", host.strip().lower()).rstrip(".")
    for suffix in _PUBLIC_SUFFIXES:
        if name.endswith(suffix):
            app = apps.get(name.removesuffix(suffix))
            return app if app is not None and is_public(app) else None
    if name.endswith(_PRIVATE_SUFFIX):
        app = apps.get(name.removesuffix(_PRIVATE_SUFFIX))
        return app if app is not None and _is_private(app) else None
    return next((app for app in apps.values() if is_public(app) and _certified(app, name)), None)


def is_public(app: App) -> bool:
    """Tell whether an app has an address that anybody may reach."""
    return app.deleted_at is None and any(not ip.is_egress and ip.type != "private_v6" for ip in app.ips)


def _is_private(app: App) -> bool:
    return app.deleted_at is None and any(ip.type == "private_v6" for ip in app.ips)


def _certified(app: App, name: str) -> bool:
    return any(
        certificate.dns_configured and name in _covered(certificate.hostname.lower(), name)
        for certificate in app.certificates.values()
    )


def _covered(hostname: str, name: str) -> Iterable[str]:
    """Return the names a certificate covers that matter for one name: a wildcard stands for one label."""
    if not hostname.startswith("*."):
        return (hostname,)
    label, _, parent = name.partition(".")
    return (f"{label}.{parent}",) if parent == hostname[2:] else ()
