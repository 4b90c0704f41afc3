"""What exists on the emulated Fly: mutable records of plain values, saved as they are.

Moments are aware UTC. `config` dictionaries are Fly's own wire form (`fly.MachineConfig`).
"""

from localcloud.fly.model.app import App, Organization, Secret
from localcloud.fly.model.certificate import Certificate
from localcloud.fly.model.host import Host
from localcloud.fly.model.ip import IpAddress
from localcloud.fly.model.machine import Event, Lease, Machine, State, Version
from localcloud.fly.model.release import Build, Release
from localcloud.fly.model.token import Token
from localcloud.fly.model.volume import Snapshot, Volume, VolumeState

__all__ = [
    "App",
    "Build",
    "Certificate",
    "Event",
    "Host",
    "IpAddress",
    "Lease",
    "Machine",
    "Organization",
    "Release",
    "Secret",
    "Snapshot",
    "State",
    "Token",
    "Version",
    "Volume",
    "VolumeState",
]
