"""The end of the local cloud for a command: its services, and what a service left that was killed."""

from __future__ import annotations

from localcloud.postgres.cleaning import clean_up
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.down import end_cloud
from localcloud.supervisor.services import DATABASES


def end_whole_cloud(directory: CloudDirectory) -> bool:
    """End the cloud, and every database server of it; return whether its supervisor was running.

    Raises:
        LeaseHeld, Stuck: the cloud does not end.
    """
    was_running = end_cloud(directory)
    clean_up(directory.state_file(DATABASES), directory.data_directory(DATABASES))
    return was_running
