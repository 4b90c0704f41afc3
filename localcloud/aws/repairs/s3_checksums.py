"""A body whose checksum or Content-MD5 is wrong is refused with BadDigest; stock moto stores it."""

from __future__ import annotations

import re

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.s3.checksums import ALGORITHMS, checksum
from localcloud.aws.s3.refusal import s3_error
from localcloud.aws.world import World

_TRAILER = re.compile(rb"\r\nx-amz-checksum-(\w+):([A-Za-z0-9+/=]+)\r?\n")


def _patch_responses(responses: MotoObject, _world: World) -> None:
    for name in ("_key_response_put", "_bucket_response_put", "_bucket_response_delete_keys"):
        _verify_first(responses.S3Response, name)
    responses.compute_checksum = _compute


def _patch_models(models: MotoObject, _world: World) -> None:
    models.compute_checksum = _compute


def _compute(body: bytes, algorithm: str, encode_base64: bool = True) -> bytes:
    """Compute as moto's own function does, but without falling back to CRC32 for what it cannot compute."""
    import base64

    encoded = checksum(algorithm, body).encode()
    return encoded if encode_base64 else base64.b64decode(encoded)


def _verify_first(response: MotoObject, name: str) -> None:
    original = getattr(response, name)

    def verified(self: MotoObject, *arguments: MotoObject, **named: MotoObject) -> MotoObject:
        for algorithm, claimed in _claims(self).items():
            if checksum(algorithm, self.body or b"") != claimed:
                raise s3_error("BadDigest", f"The {algorithm} you specified did not match what we received.")
            if algorithm in ALGORITHMS:
                # moto looks for the algorithm's name here, and stores no checksum without it.
                self.request.environ.setdefault("HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM", algorithm)
        return original(self, *arguments, **named)

    setattr(response, name, verified)


def _claims(response: MotoObject) -> dict[str, str]:
    """Return what the request claims about its body, from its headers and its trailer."""
    claims = {}
    for algorithm in ALGORITHMS:
        value = response.headers.get(f"x-amz-checksum-{algorithm.lower()}")
        if value:
            claims[algorithm] = value
    if response.headers.get("Content-MD5"):
        claims["MD5"] = response.headers["Content-MD5"]
    if response.headers.get("x-amz-trailer"):
        for name, value in _TRAILER.findall(response.raw_body[-512:]):
            if name.decode().upper() in ALGORITHMS:
                claims[name.decode().upper()] = value.decode()
    return claims


REPAIR = Repair(
    name="s3_checksums",
    service="s3",
    what=(
        "bodies with wrong checksums or Content-MD5 were stored; CRC32C and CRC64NVME were computed as CRC32"
    ),
    operations=("PutObject", "UploadPart", "DeleteObjects"),
    patches=(("moto.s3.responses", _patch_responses), ("moto.s3.models", _patch_models)),
)
