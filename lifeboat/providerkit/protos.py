"""The generated protocol modules of the Pulumi SDK, loaded without running `import pulumi`.

The SDK's package imports its whole runtime (0.2 s of processor time in every provider process); a provider
needs only the message classes. They lie in one folder and import each other relatively, so a package of our
own that points at that folder gives the same modules. Both spellings in one process share the descriptors
and so the classes.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, TypeAlias

from lifeboat.core.errors import ConfigError

Message: TypeAlias = Any
"""A message or call context of the protocol; the generated classes carry no types for a checker."""

_PACKAGE = "lifeboat_pulumi_protos"


def _load(name: str) -> ModuleType:
    if _PACKAGE not in sys.modules:
        package = ModuleType(_PACKAGE, "the generated protocol modules of the Pulumi SDK")
        package.__path__ = [str(_folder())]
        sys.modules[_PACKAGE] = package
    return importlib.import_module(f"{_PACKAGE}.{name}")


def _folder() -> Path:
    spec = importlib.machinery.PathFinder.find_spec("pulumi")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError("the pulumi SDK is not installed", hint="install the project's requirements")
    return Path(spec.submodule_search_locations[0]) / "runtime" / "proto"


provider_pb2 = _load("provider_pb2")
provider_pb2_grpc = _load("provider_pb2_grpc")
plugin_pb2 = _load("plugin_pb2")
engine_pb2 = _load("engine_pb2")
engine_pb2_grpc = _load("engine_pb2_grpc")
errors_pb2 = _load("errors_pb2")
status_pb2 = _load("status_pb2")
