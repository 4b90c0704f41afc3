"""The machine an engine is for, in the words of Go and of the official releases."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from lifeboat.core.errors import Refused

_GO_ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_RELEASE_ARCHITECTURES = {"amd64": "x64", "arm64": "arm64"}
_SYSTEMS = ("linux", "darwin")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An operating system (`linux`, `darwin`) and an architecture (`amd64`, `arm64`), as Go names them."""

    system: str
    architecture: str

    @classmethod
    def of_this_machine(cls) -> Target:
        """Return the target of the running machine.

        Raises:
            Refused: the machine is none of those an engine can be fetched or built for.
        """
        system, machine = platform.system().lower(), platform.machine().lower()
        if system not in _SYSTEMS or machine not in _GO_ARCHITECTURES:
            raise Refused(
                f"no engine can be fetched or built for {system} {machine}",
                hint="install pulumi by hand and put it on PATH",
            )
        return cls(system=system, architecture=_GO_ARCHITECTURES[machine])

    @property
    def release_name(self) -> str:
        """The name used by the official archives, such as `linux-x64`."""
        return f"{self.system}-{_RELEASE_ARCHITECTURES[self.architecture]}"

    def __str__(self) -> str:
        return f"{self.system}-{self.architecture}"
