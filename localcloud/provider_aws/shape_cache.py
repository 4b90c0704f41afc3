"""Shapes on disk, one small JSON file per type and SDK version, so that a warm start reads no SDK source.

A missing, damaged or unwritable cache is never an error: the shape is read from the source again.
"""

from __future__ import annotations

import json
import os
import tempfile
from functools import cache
from pathlib import Path

from localcloud.provider_aws.sdk_source import Sdk, installed_sdk, read_shape
from localcloud.provider_aws.shape import Shape

_FORMAT = 1
_FOLDER_VARIABLE = "XDG_CACHE_HOME"


@cache
def shape_of(token: str) -> Shape:
    """Return the shape of a type of the installed SDK.

    Raises:
        ConfigError: the SDK has no such type.
    """
    return load_shape(installed_sdk(), token, cache_folder())


def cache_folder() -> Path:
    """Return the user's cache directory for shapes (XDG base directories)."""
    base = os.environ.get(_FOLDER_VARIABLE) or str(Path.home() / ".cache")
    return Path(base) / "lifeboat" / "aws-shapes"


def load_shape(sdk: Sdk, token: str, folder: Path) -> Shape:
    """Return a shape from the cache, or from the SDK's source and into the cache."""
    source = sdk.folder / "pulumi-plugin.json"
    stamp = f"{sdk.version}-{_FORMAT}-{source.stat().st_mtime_ns}"
    path = folder / stamp / f"{token.replace(':', '.').replace('/', '.')}.json"
    try:
        return Shape.from_json(json.loads(path.read_text()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        shape = read_shape(sdk, token)
    _keep(path, shape)
    return shape


def _keep(path: Path, shape: Shape) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
        with os.fdopen(handle, "w") as file:
            json.dump(shape.to_json(), file)
        Path(name).replace(path)
    except OSError:
        return
