"""Environment data, read and validated before anything else happens.

    environments/Pulumi.<environment>.yaml ─► [config] ─► desired ─► resources

`load` is the only way in. Everything it returns is frozen and has passed every check; everything it refuses,
it refuses at once and with the key path of each problem.
"""

from infra.config.environment import EnvironmentConfig
from infra.config.load import known_environments, load

__all__ = ["EnvironmentConfig", "known_environments", "load"]
