"""An error in the words of the service's own protocol, so that boto3 raises ClientError at once.

Shapes: AWS query, EC2, JSON 1.x, rest-json, rest-xml (S3 and the others differ) and RPC v2 CBOR.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from xml.sax.saxutils import escape

from localcloud.aws.request_scope import Environ

_REQUEST_ID = "00000000-0000-0000-0000-000000000000"
_REST_XML = frozenset({"route53", "cloudfront"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole HTTP answer."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def wire_error(environ: Environ, service: str, *, status: int, code: str, message: str) -> Answer:
    """Build the answer that makes a client of `service` raise an error with this status, code and message."""
    content_type, body = _body(environ, service, code, message)
    if environ["REQUEST_METHOD"] == "HEAD":
        body = b""
    headers = [("Content-Type", content_type), ("Content-Length", str(len(body)))]
    headers += [("x-amzn-errortype", code), ("x-amzn-requestid", _REQUEST_ID)]
    if content_type == "application/cbor":
        headers.append(("smithy-protocol", "rpc-v2-cbor"))
    return Answer(status=f"{status} {code}", headers=tuple(headers), body=body)


def _body(environ: Environ, service: str, code: str, message: str) -> tuple[str, bytes]:
    if environ.get("HTTP_SMITHY_PROTOCOL") == "rpc-v2-cbor":
        return "application/cbor", _cbor({"__type": code, "message": message})
    if environ.get("HTTP_X_AMZ_TARGET"):
        return "application/x-amz-json-1.1", json.dumps({"__type": code, "message": message}).encode()
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    request_id = f"<RequestId>{_REQUEST_ID}</RequestId>"
    if service == "ec2":
        errors = f"<Errors><Error>{error}</Error></Errors>"
        text = f"<Response>{errors}<RequestID>{_REQUEST_ID}</RequestID></Response>"
    elif _is_query(environ) or service in _REST_XML:
        text = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error>{request_id}</ErrorResponse>"
    elif service in {"s3", ""}:
        text = f"<Error>{error}{request_id}</Error>"
    else:
        return "application/json", json.dumps({"message": message}).encode()
    return "application/xml", text.encode()


def _is_query(environ: Environ) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).startswith("application/x-www-form-urlencoded")


def _cbor(members: dict[str, str]) -> bytes:
    """Encode a short map of texts (RFC 8949: major type 5 over pairs of major type 3)."""
    texts = [text for pair in members.items() for text in pair]
    return bytes([0xA0 | len(members)]) + b"".join(_cbor_text(text.encode()) for text in texts)


def _cbor_text(raw: bytes) -> bytes:
    return b"\x7a" + len(raw).to_bytes(4, "big") + raw
