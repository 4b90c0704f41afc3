"""Whether the spool will hold a dump, decided before the first byte is written."""

from __future__ import annotations

from dataclasses import dataclass

MARGIN = 1.3
_MEBI = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolForecast:
    """What a dump is expected to need and what there is.

    Args:
        database_bytes: size of the database on the server, indexes included.
        table_bytes: of that, what is dumped: tables without indexes.
        free_bytes: free on the disk of the spool.
        limit_bytes: what the operator allows; None for all that is free.
    """

    database_bytes: int
    table_bytes: int
    free_bytes: int
    limit_bytes: int | None = None

    @property
    def needed_bytes(self) -> int:
        """What has to be free: files go as soon as they are uploaded, but the slowest case keeps all."""
        return int(self.table_bytes * MARGIN) + 16 * _MEBI

    @property
    def allowed_bytes(self) -> int:
        """What the dump may take."""
        return self.free_bytes if self.limit_bytes is None else min(self.free_bytes, self.limit_bytes)

    @property
    def fits(self) -> bool:
        """Tell whether there is room."""
        return self.needed_bytes <= self.allowed_bytes

    def sentence(self) -> str:
        """Return it as one line of a plan."""
        return (
            f"database {mebibytes(self.database_bytes)}, spool needs up to {mebibytes(self.needed_bytes)}, "
            f"may take {mebibytes(self.allowed_bytes)}"
        )


def mebibytes(size: int) -> str:
    """Return a size as people read it."""
    return f"{size / _MEBI:.0f} MiB" if size < 10_000 * _MEBI else f"{size / 1024**3:.0f} GiB"
