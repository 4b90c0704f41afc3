"""The one lock under which objects change.

Conditional writes check and write in one step under it, and replication never copies an object that is only
half described.
"""

from __future__ import annotations

from threading import RLock

OBJECT_LOCK = RLock()
