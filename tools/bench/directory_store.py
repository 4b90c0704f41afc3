"""A store of backups in a directory, so that both pipelines of a comparison write to the same disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lifeboat.core.clock import SystemClock
from scripts.engine.objects import Stored, WriteConflict

_CLOCK = SystemClock()


class DirectoryStore:
    """Objects as files; a key's slashes become directories.

    Args:
        directory: where they lie.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.where = f"file://{directory}/"

    def get(self, key: str) -> Stored | None:
        """Read."""
        path = self._directory / key
        if not path.exists():
            return None
        now, body = _CLOCK.now(), path.read_bytes()
        return Stored(key=key, body=body, etag=_etag(path), written_at=now, read_at=now)

    def put_if_absent(self, key: str, body: bytes) -> str:
        """Write what is not there."""
        path = self._directory / key
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("xb") as target:
                target.write(body)
        except FileExistsError as error:
            raise WriteConflict(key) from error
        return _etag(path)

    def put_if_match(self, key: str, body: bytes, etag: str) -> str:
        """Write over what is there."""
        path = self._directory / key
        if not path.exists() or _etag(path) != etag:
            raise WriteConflict(key)
        path.write_bytes(body)
        return _etag(path)

    def keys(self, prefix: str) -> tuple[str, ...]:
        """List."""
        return tuple(self.sizes(prefix))

    def sizes(self, prefix: str) -> Mapping[str, int]:
        """List with lengths."""
        files = (path for path in sorted(self._directory.rglob("*")) if path.is_file())
        found = {str(path.relative_to(self._directory)): path.stat().st_size for path in files}
        return {key: size for key, size in found.items() if key.startswith(prefix)}

    def remove(self, keys: Sequence[str]) -> None:
        """Remove."""
        for key in keys:
            (self._directory / key).unlink(missing_ok=True)


def _etag(path: Path) -> str:
    found = path.stat()
    return f"{found.st_size}-{found.st_mtime_ns}"
