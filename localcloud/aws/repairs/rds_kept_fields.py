"""Fields that stock moto drops: Performance Insights and a few more, and a bare major version's family."""

from __future__ import annotations

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_DEFAULT_RETENTION_DAYS = 7
_PLAIN = (
    "backup_target",
    "customer_owned_ip_enabled",
    "database_insights_mode",
    "engine_lifecycle_support",
    "network_type",
)
_SHORT = ("performance_insights_kms_key_id", "performance_insights_retention_period")


def _patch(models: MotoObject, _world: World) -> None:
    instance = models.DBInstance
    create, update = instance.__init__, instance.update

    def initialise(self: MotoObject, *args: MotoObject, **settings: MotoObject) -> None:
        create(self, *args, **settings)
        self.performance_insights_enabled = False
        _keep(self, settings)

    def change(self: MotoObject, **settings: MotoObject) -> None:
        update(self, **settings)
        _keep(self, settings)

    def family(self: MotoObject) -> tuple[str, str]:
        # "17" and "17.4" are both of family postgres17; moto cuts the last part off whatever it is.
        name = f"{self.engine.lower()}{str(self.engine_version).split('.')[0]}"
        return name, f"default.{name}"

    instance.__init__, instance.update = initialise, change
    instance.default_db_parameter_group_details = family


def _keep(database: MotoObject, settings: MotoObject) -> None:
    for name in _PLAIN:
        if settings.get(name) is not None:
            setattr(database, name, settings[name])
    _keep_insights(database, settings)


def _keep_insights(database: MotoObject, settings: MotoObject) -> None:
    is_on = settings.get("enable_performance_insights")
    if is_on is not None:
        database.performance_insights_enabled = bool(is_on)
    if not database.performance_insights_enabled:
        for name in _SHORT:
            database.__dict__.pop(name, None)
        return
    for name in _SHORT:
        if settings.get(name) is not None:
            setattr(database, name, settings[name])
    if "performance_insights_retention_period" not in database.__dict__:
        database.performance_insights_retention_period = _DEFAULT_RETENTION_DAYS


REPAIR = Repair(
    name="rds_kept_fields",
    service="rds",
    what="Performance Insights and other settings are kept; `17` belongs to family postgres17",
    operations=("CreateDBInstance", "ModifyDBInstance", "DescribeDBInstances"),
    patches=(("moto.rds.models", _patch),),
)
