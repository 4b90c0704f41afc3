"""Notes what was created, one JSON object per line, so that a killed engine's creates can be taken over.

The engine writes down what it is about to create, but learns the id only from our answer; killed in
between, it knows neither. `localcloud.stack.heal` reads these notes. A note that cannot be written fails no
resource.
"""

from __future__ import annotations

import contextlib
import json
import os

VARIABLE = "LIFEBOAT_CREATED_FILE"


def note_created(urn: str, resource_id: str) -> None:
    """Append a line with URN and id to the file the environment names, if it names one."""
    path = os.environ.get(VARIABLE)
    if not path:
        return
    line = json.dumps({"urn": urn, "id": resource_id}) + "\n"
    with contextlib.suppress(OSError):
        # One write to a file opened for appending: lines of several threads and processes do not mix.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
