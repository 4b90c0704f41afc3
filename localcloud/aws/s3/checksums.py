"""The checksums of S3, computed; pure.

CRC-32C and CRC-64/NVME are table-driven here because the packages that compute them natively are optional.
Both are slow for large bodies (about 5 MB/s), and boto3 sends neither unless it is asked to.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from functools import lru_cache

_CRC32C = (32, 0x82F63B78)
_CRC64NVME = (64, 0x9A6C9329AC4BC9B5)


def checksum(algorithm: str, body: bytes) -> str:
    """Return the base64 checksum of a body.

    Raises:
        KeyError: S3 has no such algorithm.
    """
    return base64.b64encode(_ALGORITHMS[algorithm.upper()](body)).decode()


def _crc(body: bytes, parameters: tuple[int, int]) -> bytes:
    bits, _ = parameters
    table, ones = _table(parameters), (1 << bits) - 1
    register = ones
    for byte in body:
        register = table[(register ^ byte) & 0xFF] ^ (register >> 8)
    return (register ^ ones).to_bytes(bits // 8, "big")


@lru_cache(maxsize=2)
def _table(parameters: tuple[int, int]) -> tuple[int, ...]:
    return tuple(_entry(byte, parameters[1]) for byte in range(256))


def _entry(register: int, polynomial: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ (polynomial if register & 1 else 0)
    return register


_ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "CRC32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
    "CRC32C": lambda body: _crc(body, _CRC32C),
    "CRC64NVME": lambda body: _crc(body, _CRC64NVME),
    "SHA1": lambda body: hashlib.sha1(body, usedforsecurity=False).digest(),
    "SHA256": lambda body: hashlib.sha256(body).digest(),
    "MD5": lambda body: hashlib.md5(body, usedforsecurity=False).digest(),
}
ALGORITHMS = frozenset(_ALGORITHMS) - {"MD5"}
"""What may follow `x-amz-checksum-`."""
