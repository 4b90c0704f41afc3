"""Begin again with an empty cloud, keeping what it held: the saved state is moved aside, never deleted."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.down import end_cloud
from localcloud.supervisor.record import read_record, write_record


def reset_cloud(directory: CloudDirectory, *, now: datetime) -> Path | None:
    """End the cloud and move its saved state aside; starting it again is the caller's.

    Args:
        directory: the cloud's directory.
        now: the moment the moved state is named after.

    Returns:
        Where the state lies now, None when nothing had been saved.

    Raises:
        LeaseHeld, Stuck: the cloud does not end.
    """
    end_cloud(directory)
    record = read_record(directory.record)
    if record is not None:
        # Whoever remembers the old generation learns that nothing of it is left; the ports stay known.
        write_record(directory.record, record.model_copy(update={"generation": ""}))
    if not directory.state.is_dir() or not any(directory.state.iterdir()):
        return None
    directory.saved.mkdir(exist_ok=True)
    aside = directory.saved / now.strftime("%Y%m%dT%H%M%S.%fZ")
    directory.state.rename(aside)
    return aside
