"""What a request is about, read from the request alone: whose key, which region, service and operation.

Region and service come from the SigV4 credential scope (header or presigned query); the operation from the
query body, the target header, the CBOR path, or, for REST services, from botocore's own routing table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

Environ = dict[str, Any]
"""A WSGI environment."""

_CREDENTIAL = re.compile(r"Credential=([^/\s,]+)/\d{8}/([^/]+)/([^/]+)/aws4_request")
_OLD_CREDENTIAL = re.compile(r"AWS ([^:\s]+):")
"""Signature version 2, which only S3 still has."""
_CBOR_PATH = re.compile(r"/service/[^/]+/operation/(\w+)$")
_SIGNED_AS = {"monitoring": "cloudwatch", "email": "ses"}
_REST = frozenset({"s3", "lambda", "route53", "backup", "scheduler", "cloudfront"})
_READS = (
    "Describe",
    "Get",
    "List",
    "Head",
    "Lookup",
    "BatchGet",
    "Simulate",
    "Search",
    "Generate",
    "Validate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestScope:
    """Who asks where for what; empty where the request does not say."""

    access_key_id: str = ""
    region: str = ""
    service: str = ""
    action: str = ""

    @property
    def is_read(self) -> bool:
        """Whether the operation's name says that it changes nothing."""
        return self.action.startswith(_READS)


def scope_of(environ: Environ) -> RequestScope:
    """Read the scope of a request; the body is put back for whoever reads it next."""
    access_key_id, region, service = _credential(environ)
    form = _form(environ)
    if not service and not form and not environ.get("HTTP_X_AMZ_TARGET"):
        # moto takes an unsigned request for S3's, so it is judged as one.
        service = "s3"
    action = _action(environ, form, service)
    return RequestScope(access_key_id=access_key_id, region=region, service=service, action=action)


def _credential(environ: Environ) -> tuple[str, str, str]:
    found = _CREDENTIAL.search(environ.get("HTTP_AUTHORIZATION", ""))
    if found:
        key, region, service = found.groups()
        return key, region, _SIGNED_AS.get(service, service)
    old = _OLD_CREDENTIAL.match(environ.get("HTTP_AUTHORIZATION", ""))
    if old:
        return old[1], "", "s3"
    query = parse_qs(environ.get("QUERY_STRING", ""))
    parts = query.get("X-Amz-Credential", [""])[0].split("/")
    if len(parts) == 5:  # noqa: PLR2004  # key, date, region, service, "aws4_request"
        return parts[0], parts[2], _SIGNED_AS.get(parts[3], parts[3])
    return query.get("AWSAccessKeyId", [""])[0], "", ""


def _form(environ: Environ) -> dict[str, list[str]]:
    if not environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return {}
    stream = environ["wsgi.input"]
    body = stream.read()
    stream.seek(0)
    return parse_qs(body.decode("utf-8", "replace"))


def _action(environ: Environ, form: dict[str, list[str]], service: str) -> str:
    if "Action" in form:
        return form["Action"][0]
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    if target:
        return target.rpartition(".")[2]
    cbor = _CBOR_PATH.search(environ.get("PATH_INFO", ""))
    if cbor:
        return cbor[1]
    return _routed_action(environ, service) if service in _REST else ""


def _routed_action(environ: Environ, service: str) -> str:
    from moto.core.request import Request
    from moto.core.routing import get_service_router
    from werkzeug.exceptions import NotFound

    try:
        operation, _ = get_service_router(service).match(Request(environ, shallow=True))
    except NotFound:
        return ""
    return str(operation.name)
