"""Section `fly`: the apps on Fly.io, their process groups, and what stands ready in the other region.

Regions are never named here but as fallbacks: where the active machines are follows from
`topology.primary_region`, so that a failover changes that line and no other.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from infra.config.section import Name, Section

FlyName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,61}$")]
"""A name on Fly: lower-case letters, digits, dashes, under 63 characters."""

EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$")]
"""A name of an environment variable."""


class ImageOwner(StrEnum):
    """Who decides which image runs."""

    IAC = "iac"
    """This file."""
    DEPLOY = "deploy"
    """`fly deploy` or a pipeline: the image here is only that of the first machines."""


class Strategy(StrEnum):
    """How machines are brought to a new configuration."""

    ROLLING = "rolling"
    BLUEGREEN = "bluegreen"
    CANARY = "canary"
    IMMEDIATE = "immediate"


class AutoStop(StrEnum):
    """What the edge does with machines nobody uses."""

    OFF = "off"
    STOP = "stop"
    SUSPEND = "suspend"


class Service(Section):
    """How the world reaches a process group: HTTP on 80 and HTTPS on 443, through Fly's edge."""

    internal_port: Annotated[int, Field(ge=1, le=65_535)] = 8080
    """Port the process listens on."""
    check_path: Annotated[str, Field(pattern=r"^/\S*$")]
    """Path that answers 2xx when the machine may get requests."""
    check_interval_s: Annotated[int, Field(ge=1, le=300)] = 10
    """Time between two checks."""
    check_timeout_s: Annotated[int, Field(ge=1, le=60)] = 2
    """A check that takes longer has failed."""
    check_grace_s: Annotated[int, Field(ge=0, le=600)] = 10
    """Time a starting machine is given."""
    autostop: AutoStop = AutoStop.OFF
    """off, stop or suspend machines nobody uses; they start again with the next request."""
    min_running: Annotated[int, Field(ge=0)] = 1
    """Machines of the primary's Fly region that `autostop` leaves running."""
    soft_limit: Annotated[int, Field(ge=1)] = 200
    """Requests at once from which on others are preferred."""
    hard_limit: Annotated[int, Field(ge=1)] = 250
    """Requests at once that a machine gets at most."""


class Volume(Section):
    """A disk for each machine of a group: pinned to one host, and never more than a copy of the data."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    """Its name on Fly."""
    size_gib: Annotated[int, Field(ge=1, le=500)]
    """It can grow, never shrink."""
    path: Annotated[str, Field(pattern=r"^/\S+$")]
    """Where it is mounted."""
    snapshot_retention_days: Annotated[int, Field(ge=1, le=60)] = 5
    """Fly snapshots it daily and keeps that many days."""


class Group(Section):
    """A process group: machines that run the same command."""

    count: Annotated[int, Field(ge=1, le=100)]
    """Machines in the Fly region of the primary."""
    standbys: Annotated[int, Field(ge=0, le=100)]
    """Machines made, stopped and ready, in the Fly region of the recovery region. Capacity is not promised to
    anybody on the day everybody needs it; what exists only has to start."""
    fallback_regions: tuple[str, ...] = ()
    """Fly regions to try, in order, when one has no room. Not those of `topology.fly_regions`."""
    size: Annotated[str, Field(pattern=r"^(shared-cpu|performance)-\d+x$")]
    """Fly's preset: shared-cpu-1x to 8x, performance-1x to 16x."""
    memory_mib: Annotated[int, Field(ge=256)] | None = None
    """Memory of a machine. Default: the preset's."""
    command: tuple[str, ...] = ()
    """What to run. Default: the image's own."""
    env: Annotated[dict[EnvName, str], Field(default_factory=dict)]
    """Variables of this group only."""
    service: Service | None = None
    """How the world reaches it; left out: it does not (a worker)."""
    volume: Volume | None = None
    """A disk for each of its machines."""
    strategy: Strategy = Strategy.ROLLING
    """rolling, bluegreen, canary or immediate."""
    max_unavailable: Annotated[int, Field(ge=1)] = 1
    """Machines that a rolling change takes at once."""


class App(Section):
    """One Fly app."""

    name: FlyName
    """Its name on Fly, one name space for all customers; also `<name>.fly.dev`. Never changes."""
    image: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^\S+$")]
    """Image reference; with a digest (`…@sha256:…`) it says what runs, a tag only what it was called."""
    owner: ImageOwner = ImageOwner.IAC
    """iac: `image` above is what runs. deploy: `fly deploy` decides, and a preview ignores it."""
    env: Annotated[dict[EnvName, str], Field(default_factory=dict)]
    """Variables of every group. Not secrets. PRIMARY_REGION is added: the Fly region of the primary."""
    secrets: tuple[Name, ...] | None = None
    """Names of the secrets it receives. Default: all that have a `fly_name`."""
    ipv4: bool = False
    """An IPv4 address of its own, billed. Default: a shared one."""
    certificates: tuple[Annotated[str, Field(pattern=r"^(\*\.)?([a-z0-9-]+\.)+[a-z]{2,}$")], ...] = ()
    """Host names besides `<name>.fly.dev`; the outputs say which DNS records they need."""
    egress: bool = False
    """Static egress addresses in both regions, which the databases' security groups admit."""
    groups: Annotated[dict[Name, Group], Field(min_length=1)]
    """Process groups by name."""


class Fly(Section):
    """The product on Fly.io."""

    organization: FlyName
    """Slug of the Fly organisation."""
    apps: Annotated[dict[Name, App], Field(min_length=1)]
    """Apps by a name of ours."""
