"""Builds the parameter group of each region, the same in both, so that a failover changes no setting."""

from __future__ import annotations

from infra.config import EnvironmentConfig
from infra.config.database import Database
from infra.config.parameters import (
    DEFAULT_PARAMETERS,
    FIXED_PARAMETERS,
    PARAMETER_RULES,
    STATIC_FIXED,
    rds_value,
)
from infra.desired.model import ApplyMethod, DesiredParameter, DesiredParameterGroup
from infra.desired.names import Names


def parameter_group_name(region: str) -> str:
    """Return the logical name of a region's parameter group."""
    return f"parameters-{region}"


def build_parameter_groups(config: EnvironmentConfig) -> tuple[DesiredParameterGroup, ...]:
    """Return a parameter group per region; its name holds the family, so an upgrade makes a new one first."""
    if config.database is None:
        return ()
    family = f"postgres{config.database.engine_version.partition('.')[0]}"
    names, parameters = Names.of(config), _parameters(config.database)
    return tuple(
        DesiredParameterGroup(
            name=parameter_group_name(region),
            physical_name=names.regional(region, family),
            region=region,
            family=family,
            description=f"{names.prefix}: TLS forced, statements and connections logged",
            parameters=parameters,
        )
        for region in config.topology.regions
    )


def _parameters(database: Database) -> tuple[DesiredParameter, ...]:
    chosen = {name: rds_value(value) for name, value in (DEFAULT_PARAMETERS | database.parameters).items()}
    return tuple(
        DesiredParameter(name=name, value=value, apply_method=_apply_method(name))
        for name, value in sorted((chosen | FIXED_PARAMETERS).items())
    )


def _apply_method(name: str) -> ApplyMethod:
    rule = PARAMETER_RULES.get(name)
    static = name in STATIC_FIXED or (rule is not None and rule.static)
    return ApplyMethod.PENDING_REBOOT if static else ApplyMethod.IMMEDIATE
