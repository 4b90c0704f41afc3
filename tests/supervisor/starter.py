"""A process that starts a cloud and holds it: `python starter.py DIRECTORY TABLE [keep]`."""

import sys
from pathlib import Path

from lifeboat.core.clock import SystemClock
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.up import hold_cloud

with hold_cloud(CloudDirectory(Path(sys.argv[1])), table=sys.argv[2]) as hold:
    sys.stdout.write(f"{'started' if hold.started else 'joined'} {hold.record.pid}\n")
    sys.stdout.flush()
    if "keep" in sys.argv:
        hold.keep()
    else:
        SystemClock().sleep(60)
