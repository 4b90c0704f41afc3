"""The desired model: pure values derived from the configuration; knows no Pulumi.

    config ─► [desired] ─► resources

`build` turns a configuration into a `DesiredEnvironment` and refuses one that breaks an invariant. No clock,
no I/O: the same file always gives the same model.
"""

from infra.desired.assemble import build

__all__ = ["build"]
