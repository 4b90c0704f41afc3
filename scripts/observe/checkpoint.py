"""Reads the contract from the checkpoint file of a self-managed backend, with no CLI at all.

The layout is Pulumi's own (`.pulumi/stacks/<project>/<stack>.json`, optionally gzipped; read in pulumi
`pkg/backend/diy`, v3.250.0). Secret outputs are ciphertext there; the contract holds none.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from lifeboat.core.contract import OUTPUT_NAME, parse_contract
from lifeboat.core.identity import PROJECT
from scripts.observe.reading import Reading, SourceUnreadable

# Whoever reads it may not have to wait for a region that is gone.
_CLIENT = Config(connect_timeout=3, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 1})
_STACK_TYPE = "pulumi:pulumi:Stack"


def read_checkpoint(stack: str, backend_url: str) -> Reading:
    """Return the contract out of a stack's checkpoint.

    Args:
        stack: name of the stack.
        backend_url: PULUMI_BACKEND_URL, `file://…` or `s3://…`.

    Raises:
        SourceUnreadable: another kind of backend, no such file, or no contract in it.
        ConfigError: the output is not a contract of this version.
    """
    name = f".pulumi/stacks/{PROJECT}/{stack}.json"
    where, raw = _fetch(backend_url, name)
    try:
        document = json.loads(raw)
        deployment = document["checkpoint"]["latest"] or {}
    except (ValueError, KeyError, TypeError) as error:
        raise SourceUnreadable(f"{where}: not a checkpoint") from error
    for resource in deployment.get("resources", ()):
        if resource.get("type") == _STACK_TYPE and OUTPUT_NAME in resource.get("outputs", {}):
            return Reading(
                contract=parse_contract(resource["outputs"][OUTPUT_NAME], source=where),
                source=f"checkpoint {where}",
                written_at=_written_at(deployment),
            )
    raise SourceUnreadable(f"{where}: no output {OUTPUT_NAME!r} in it")


def checkpoint_digest(stack: str, backend_url: str) -> str:
    """Return the SHA-256 of a stack's checkpoint file, decompressed.

    Args:
        stack: name of the stack.
        backend_url: PULUMI_BACKEND_URL, `file://…` or `s3://…`.

    Raises:
        SourceUnreadable: another kind of backend, or no such file.
    """
    _, raw = _fetch(backend_url, f".pulumi/stacks/{PROJECT}/{stack}.json")
    return hashlib.sha256(raw).hexdigest()


def _written_at(deployment: Mapping[str, Mapping[str, str]]) -> datetime | None:
    moment = deployment.get("manifest", {}).get("time")
    return datetime.fromisoformat(moment) if moment else None


def _fetch(backend_url: str, name: str) -> tuple[str, bytes]:
    parts = urlsplit(backend_url)
    fetch = {"file": _fetch_file, "s3": _fetch_object}.get(parts.scheme)
    if fetch is None:
        raise SourceUnreadable(
            f"backend {parts.scheme or 'of unknown kind'}: keeps no checkpoint file to read"
        )
    for suffix, unpack in (("", bytes), (".gz", gzip.decompress)):
        raw = fetch(backend_url, name + suffix)
        if raw is not None:
            return f"{backend_url.split('?', maxsplit=1)[0]}/{name}{suffix}", unpack(raw)
    raise SourceUnreadable(f"{backend_url.split('?', maxsplit=1)[0]}/{name}: not found")


def _fetch_file(backend_url: str, name: str) -> bytes | None:
    path = Path(unquote(backend_url.removeprefix("file://"))).expanduser() / name
    return path.read_bytes() if path.is_file() else None


def _fetch_object(backend_url: str, name: str) -> bytes | None:
    parts = urlsplit(backend_url)
    region = parse_qs(parts.query).get("region", [None])[0]
    key = f"{parts.path.strip('/')}/{name}".lstrip("/")
    try:
        answer = boto3.client("s3", region_name=region, config=_CLIENT).get_object(
            Bucket=parts.netloc, Key=key
        )
        body: bytes = answer["Body"].read()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
            return None
        raise SourceUnreadable(f"s3://{parts.netloc}/{key}: {error.response['Error']['Code']}") from error
    except BotoCoreError as error:
        raise SourceUnreadable(f"s3://{parts.netloc}/{key}: {type(error).__name__}") from error
    return body
