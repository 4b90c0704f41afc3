"""The life of the process: bind, lock, load, serve, announce; then wait, and save at the end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.errors import Refused, Stuck
from localcloud.aws.admin import Admin
from localcloud.aws.application import Application
from localcloud.aws.atomic_file import write_atomically
from localcloud.aws.gate import Gate
from localcloud.aws.http_server import HttpServer
from localcloud.aws.persistence import Persistence
from localcloud.aws.rds.metadata_servers import MetadataOnlyServers
from localcloud.aws.rds.remote_servers import RemoteServers
from localcloud.aws.repairs.catalogue import REPAIRS
from localcloud.aws.repairs.install import install_repairs
from localcloud.aws.repairs.rds_servers import part_replicas, saved_databases, saved_snapshots
from localcloud.aws.state_file import StateFile
from localcloud.aws.ticker import Ticker
from localcloud.aws.world import World
from localcloud.ending import ending
from localcloud.state_lock import state_lock


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the process was started; the names are those of its options."""

    port: int
    port_file: Path
    state_file: Path
    lifeline: bool
    transition_s: float = 1.0
    tick_s: float = 0.5
    databases: str = ""


def run(options: Options) -> None:
    """Serve until told to stop, then save.

    Raises:
        Refused: the port is taken, the state file is in use, of other versions or damaged.
    """
    stopped = ending(lifeline=options.lifeline)
    server = HttpServer(options.port)
    with state_lock(options.state_file):
        options.port_file.unlink(missing_ok=True)
        persistence = _serve(options, server)
        write_atomically(options.port_file, (f"{server.port}\n".encode(),))
        stopped.wait()
        options.port_file.unlink(missing_ok=True)
        _save_at_the_end(persistence)


def _serve(options: Options, server: HttpServer) -> Persistence:
    servers = RemoteServers(options.databases) if options.databases else MetadataOnlyServers()
    world = World(transition_s=options.transition_s, tick_s=options.tick_s, servers=servers)
    install_repairs(REPAIRS, world)
    gate = Gate()
    persistence = Persistence(StateFile(path=options.state_file), gate, world.clock)
    persistence.load()
    if isinstance(servers, RemoteServers):
        part_replicas(servers.adopt(saved_databases(), saved_snapshots()))
    ticker = Ticker(world.background, gate, persistence, world.clock, world.tick_s)
    admin = Admin(world, gate, persistence, ticker)
    server.start(Application(world, admin, gate, persistence))
    ticker.start()
    return persistence


def _save_at_the_end(persistence: Persistence) -> None:
    try:
        persistence.save()
    except (OSError, Stuck) as error:
        raise Refused(
            f"the state could not be saved: {error}; the previous state file is untouched",
            hint="free some disk space; what changed since the last save is lost",
        ) from error
