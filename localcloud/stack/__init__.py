"""The private Pulumi home, backend and settings of the stacks that run on the local cloud.

`prepare` makes a stack usable, `access.exports` says how to reach it, `Engine` runs `pulumi` on it, `heal`
puts right what a killed one left. Nothing here knows a resource; nothing here touches a stack that is not
local.
"""

from __future__ import annotations

from localcloud.stack.access import exports

__all__ = ["exports"]
