"""Installs repairs without importing moto's services: each waits for its module to be imported.

Not with wrapt's import hooks: their finder imports the parent package while the interpreter holds its import
lock, so that two first requests at once, of services that import each other, could wait for each other for
ever.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

from localcloud.aws.repairs.repair import Patch, Repair
from localcloud.aws.world import World


def install_repairs(repairs: Iterable[Repair], world: World) -> None:
    """Apply each patch as soon as its module is imported, in the order given; call it once per process."""
    patches: defaultdict[str, list[Patch]] = defaultdict(list)
    for repair in repairs:
        for module_name, patch in repair.patches:
            patches[module_name].append(patch)

    def apply(module: ModuleType) -> None:
        for patch in patches[module.__name__]:
            patch(module, world)

    for name in patches.keys() & sys.modules.keys():
        apply(sys.modules[name])
    sys.meta_path.insert(0, _Finder(frozenset(patches), apply))


class _Finder(MetaPathFinder):
    """Finds the modules that are to be repaired where they would be found anyway.

    Args:
        names: of the modules.
        apply: repairs one that was just imported.
    """

    def __init__(self, names: frozenset[str], apply: Callable[[ModuleType], None]) -> None:
        self._names = names
        self._apply = apply

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._names:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Repairing(spec.loader, self._apply)
        return spec


class _Repairing(Loader):
    """Loads a module as its own loader does, and repairs it before anybody sees it."""

    def __init__(self, loader: Loader, apply: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._apply = apply

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._apply(module)
