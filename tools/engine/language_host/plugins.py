"""The Pulumi plugins a program may need, as its installed packages declare them.

Rules of the official host: a distribution called `pulumi-<name>`, or one that ships `pulumi-plugin.json`,
stands for a plugin of its own version; the file may name another plugin, version, server or parameterization,
and `"resource": false` says that there is none. Only directory entries and these small files are read, for
every command waits for this.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterable
from pathlib import Path

from pulumi.runtime.proto import plugin_pb2

from .distributions import normalised
from .failure import HostFailure

_PREFIX = "pulumi-"
_NOT_PLUGINS = frozenset({"pulumi-policy"})
_MANIFEST = "pulumi-plugin.json"
_DIST_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)\.dist-info")
_PEP_440 = re.compile(r"(\d+(?:\.\d+)*)(?:\.?(a|b|rc|dev)(\d+))?(?:\+(.+))?")
_STAGES = {"a": "alpha", "b": "beta", "rc": "rc", "dev": "dev"}


def required_plugins(search_path: Iterable[str]) -> tuple[plugin_pb2.PackageDependency, ...]:
    """Return the plugins that the packages on a search path stand for, sorted by name.

    Raises:
        HostFailure: a `pulumi-plugin.json` cannot be read.
    """
    found: dict[str, plugin_pb2.PackageDependency] = {}
    for entry in map(Path, search_path):
        if not entry.is_dir():
            continue
        for package, plugin in _plugins_of(entry).items():
            found.setdefault(package, plugin)
    return tuple(found[package] for package in sorted(found))


def semantic_version(version: str) -> str:
    """Turn a Python version into the semantic one that plugins carry: `1.2a1` becomes `v1.2.0-alpha.1`.

    A version that is neither (a post-release, an epoch) gives "", which asks for the newest plugin installed.
    """
    found = _PEP_440.fullmatch(version.removeprefix("v"))
    if found is None:
        return ""
    release, stage, number, local = found.groups()
    parts = (*release.split("."), "0", "0")[:3]
    before = f"-{_STAGES[stage]}.{number}" if stage else ""
    return f"v{'.'.join(parts)}{before}{f'+{local}' if local else ''}"


def _plugins_of(entry: Path) -> dict[str, plugin_pb2.PackageDependency]:
    """Return the plugins of one directory of the search path by distribution name."""
    versions = {
        normalised(match["name"]): match["version"]
        for match in map(_DIST_INFO.fullmatch, (path.name for path in entry.iterdir()))
        if match is not None
    }
    manifests = {normalised(path.parent.name): _manifest(path) for path in entry.glob(f"*/{_MANIFEST}")}
    named = {name for name in versions if name.startswith(_PREFIX)}
    return {
        name: _plugin(name, versions.get(name, ""), manifests.get(name, {}))
        for name in (named | manifests.keys()) - _NOT_PLUGINS
        if manifests.get(name, {}).get("resource", True)
    }


def _plugin(package: str, version: str, manifest: dict[str, object]) -> plugin_pb2.PackageDependency:
    declared = str(manifest.get("version") or "")
    plugin = plugin_pb2.PackageDependency(
        name=str(manifest.get("name") or package.removeprefix(_PREFIX)),
        kind="resource",
        version=f"v{declared.removeprefix('v')}" if declared else semantic_version(version),
        server=str(manifest.get("server") or ""),
    )
    extra = manifest.get("parameterization")
    if isinstance(extra, dict):
        plugin.parameterization.name = str(extra.get("name") or "")
        plugin.parameterization.version = str(extra.get("version") or "")
        plugin.parameterization.value = b64decode(str(extra.get("value") or ""))
    return plugin


def _manifest(path: Path) -> dict[str, object]:
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise HostFailure(f"{path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise HostFailure(f"{path} does not hold an object")
    return content
