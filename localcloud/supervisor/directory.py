"""Where the local cloud keeps its files: one directory, `.lifeboat/cloud` in a checkout.

Stands below everything else of this room: it names paths and touches no file. Whatever the cloud knows about
itself lies here, so two checkouts have two clouds that never meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CloudDirectory:
    """The paths under one cloud's directory.

    Args:
        root: absolute path of the directory.
    """

    root: Path

    @property
    def record(self) -> Path:
        """What the supervisor last wrote about itself and its services (JSON)."""
        return self.root / "supervisor.json"

    @property
    def log(self) -> Path:
        """What the supervisor itself printed."""
        return self.root / "supervisor.log"

    @property
    def start_lock(self) -> Path:
        """Held for the moment in which a supervisor is started or ended."""
        return self.root / "start.lock"

    @property
    def life_lock(self) -> Path:
        """Held by a supervisor for as long as it lives."""
        return self.root / "supervisor.lock"

    @property
    def claim(self) -> Path:
        """Says that somebody besides the starter uses the cloud, so it outlives an interrupted start."""
        return self.root / "claimed"

    @property
    def state(self) -> Path:
        """Directory of everything the services saved; `reset` moves it aside as a whole."""
        return self.root / "state"

    @property
    def saved(self) -> Path:
        """Directory of the states that resets moved aside, one directory per moment."""
        return self.root / "saved"

    def service_log(self, name: str) -> Path:
        """Return where a service prints."""
        return self.root / f"{name}.log"

    def port_file(self, name: str) -> Path:
        """Return the file a service writes its port to once it answers."""
        return self.root / f"{name}.port"

    def state_file(self, name: str) -> Path:
        """Return the file a service saves its state to."""
        return self.state / f"{name}.state"

    def data_directory(self, name: str) -> Path:
        """Return the directory for what a service keeps besides its state; it goes where the state goes."""
        return self.state / name
