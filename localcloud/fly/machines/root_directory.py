"""The root file system of a machine, as far as a laptop has one: a directory, new at every cold start.

A process sees it as its working directory and as HOME; `/data` of a mount is `data` in it, a link to the
volume's own directory, which persists. An honest limit: nothing is mounted at the absolute path, so a program
must be told where it is (`LIFEBOAT_ROOT`, `LIFEBOAT_MOUNTS`).
"""

from __future__ import annotations

import base64
import binascii
import shutil
from pathlib import Path, PurePosixPath

from localcloud.fly.model import App, Machine
from localcloud.fly.world import World

_LEAST_MODE, _USUAL_MODE = 0o600, 0o644


def root_of(directory: Path, machine_id: str) -> Path:
    """Return where the root of a machine lies."""
    return directory / "machines" / machine_id / "root"


def make_root(world: World, app: App, machine: Machine) -> dict[str, str]:
    """Make the root anew, with the configuration's files and mounts; return the variables that name them."""
    root = root_of(world.directory, machine.id)
    remove_root(world, machine)
    (root / "tmp").mkdir(parents=True)
    for file in machine.config.get("files") or ():
        _write(root, app, file)
    mounts = [_link(world, app, root, mount) for mount in machine.config.get("mounts") or ()]
    return {
        "HOME": str(root),
        "TMPDIR": str(root / "tmp"),
        "LIFEBOAT_ROOT": str(root),
        "LIFEBOAT_MOUNTS": ":".join(str(path) for path in mounts if path),
    }


def remove_root(world: World, machine: Machine) -> None:
    """Remove a machine's root; what its volume holds stays."""
    shutil.rmtree(root_of(world.directory, machine.id).parent, ignore_errors=True)


def _inside(root: Path, guest_path: str) -> Path | None:
    parts = [part for part in PurePosixPath(guest_path).parts if part != "/"]
    return root.joinpath(*parts) if parts and ".." not in parts else None


def _write(root: Path, app: App, file: dict[str, object]) -> None:
    target = _inside(root, str(file.get("guest_path") or ""))
    secret = app.secrets.get(str(file.get("secret_name") or ""))
    encoded = secret.value if secret else str(file.get("raw_value") or "")
    if target is None:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.write_bytes(base64.b64decode(encoded, validate=True))
    except binascii.Error:
        target.write_bytes(b"")
    mode = file.get("mode")
    target.chmod(_LEAST_MODE | (mode if isinstance(mode, int) and mode > 0 else _USUAL_MODE) & 0o777)


def _link(world: World, app: App, root: Path, mount: dict[str, object]) -> Path | None:
    volume = app.volumes.get(str(mount.get("volume") or ""))
    path = _inside(root, str(mount.get("path") or "/data"))
    if volume is None or path is None:
        return None
    content = Path(volume.content or world.directory / "volumes" / volume.id).absolute()
    content.mkdir(parents=True, exist_ok=True)
    volume.content = str(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.symlink_to(content, target_is_directory=True)
    return path
