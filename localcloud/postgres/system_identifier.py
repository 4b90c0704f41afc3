"""The number that tells one server's log from another's: a copy of a data directory gets a new one.

The identifier is the first field of `global/pg_control`, and every segment of the log repeats it; so the
control file is changed and `pg_resetwal` begins a new log, as PostgreSQL's own pg_createsubscriber does.
"""

from __future__ import annotations

import secrets
import struct
from pathlib import Path

from lifeboat.postgres.account import Account
from lifeboat.postgres.failure import ServerFailed
from localcloud.postgres.binaries import Binaries

_IDENTIFIER = struct.Struct("=Q")
_CHECKSUM = struct.Struct("=I")
_LARGEST_CONTROL_BYTES = 512
"""PostgreSQL keeps the control data within one disk sector (pg_control.h, PG_CONTROL_MAX_SAFE_SIZE)."""

_POLYNOMIAL = 0x82F63B78
_ALL_BITS = 0xFFFFFFFF
_TIMEOUT_S = 30.0


def give_new_identifier(binaries: Binaries, account: Account, data: Path) -> None:
    """Give a data directory that was shut down properly an identifier nobody else has.

    Raises:
        ServerFailed: its control file is not one, or its log could not be begun anew.
    """
    path = data / "global" / "pg_control"
    control = bytearray(path.read_bytes())
    end = _checksum_position(control)
    if end is None:
        msg = f"{path} is damaged"
        raise ServerFailed(msg)
    _IDENTIFIER.pack_into(control, 0, secrets.randbits(63))
    _CHECKSUM.pack_into(control, end, _checksum(control[:end]))
    path.write_bytes(control)
    answer = account.run([binaries.pg_resetwal, "-D", data], timeout_s=_TIMEOUT_S)
    if answer.returncode != 0:
        msg = f"the log of {data} could not be begun anew: {answer.stderr.strip()}"
        raise ServerFailed(msg)


def _checksum_position(control: bytearray) -> int | None:
    """Find the checksum: where it stands differs by version, and what precedes it must give it."""
    register = _ALL_BITS
    for position in range(min(len(control), _LARGEST_CONTROL_BYTES) - _CHECKSUM.size):
        here = _CHECKSUM.unpack_from(control, position)[0]
        if position >= _IDENTIFIER.size and here == register ^ _ALL_BITS:
            return position
        register = _next(register, control[position])
    return None


def _checksum(content: bytearray) -> int:
    register = _ALL_BITS
    for byte in content:
        register = _next(register, byte)
    return register ^ _ALL_BITS


def _next(register: int, byte: int) -> int:
    """CRC-32C, bit by bit: a control file is 300 bytes long."""
    register ^= byte
    for _ in range(8):
        register = (register >> 1) ^ (_POLYNOMIAL if register & 1 else 0)
    return register
