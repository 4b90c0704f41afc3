"""Alarms that watch: evaluated on data and time, with actions, history, and composites.

Stock moto keeps alarms in the state OK forever, runs no action, and has no composite alarms and no history.
"""

from __future__ import annotations

from datetime import timedelta

from localcloud.aws.alarms.decision import State, Verdict
from localcloud.aws.alarms.history import record
from localcloud.aws.alarms.metric_math import UnsupportedExpression, check_expression
from localcloud.aws.alarms.series import period_start
from localcloud.aws.alarms.watch import change_state, evaluate_composites, evaluate_region
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World

_MINUTE_S = 60
_KEPT = timedelta(days=15)
_INITIAL = "Unchecked: Initial alarm creation"


def _patch_models(models: MotoObject, world: World) -> None:
    put, set_state = models.CloudWatchBackend.put_metric_data, models.CloudWatchBackend.set_alarm_state

    def put_and_evaluate(self: MotoObject, namespace: str, metric_data: MotoObject) -> None:
        put(self, namespace, metric_data)
        evaluate_region(self, world)

    def set_and_act(
        self: MotoObject, alarm_name: str, reason: str, reason_data: str, state_value: str
    ) -> None:
        alarm = self.alarms.get(alarm_name)
        if alarm is None or state_value not in set(State) or alarm.state_value == state_value:
            # Checked, or refused, by moto; an unchanged state runs no action.
            set_state(self, alarm_name, reason, reason_data, state_value)
            return
        change_state(self, alarm, Verdict(state=State(state_value), reason=reason), world)
        alarm.state_reason_data = reason_data or "{}"
        evaluate_composites(self, world)

    models.CloudWatchBackend.put_metric_data = put_and_evaluate
    models.CloudWatchBackend.set_alarm_state = set_and_act
    world.background.register("alarms", lambda: _evaluate_due(models, world))


def _evaluate_due(models: MotoObject, world: World) -> bool:
    """Evaluate the regions in which a minute has begun since the last time."""
    minute = period_start(world.clock.now(), _MINUTE_S)
    has_changed = False
    for _, _, backend in list(models.cloudwatch_backends.iter_backends()):
        if backend.alarms and backend.__dict__.get("lifeboat_evaluated_at") != minute:
            backend.lifeboat_evaluated_at = minute
            _forget_old(backend, world)
            has_changed |= evaluate_region(backend, world)
    return has_changed


def _forget_old(backend: MotoObject, world: World) -> None:
    oldest = world.clock.now().replace(tzinfo=None) - _KEPT
    backend.metric_data = [one for one in backend.metric_data if one.timestamp.replace(tzinfo=None) > oldest]


def _patch_put(responses: MotoObject, world: World) -> None:
    put = responses.CloudWatchResponse.put_metric_alarm

    def put_alarm(self: MotoObject) -> MotoObject:
        _check(responses, self)
        backend = self.cloudwatch_backend
        before = backend.alarms.get(self._get_param("AlarmName"))
        answer = put(self)
        _settle_in(backend, backend.alarms[self._get_param("AlarmName")], before, world)
        return answer

    responses.CloudWatchResponse.put_metric_alarm = put_alarm


def _check(responses: MotoObject, response: MotoObject) -> None:
    metrics = response._get_param("Metrics", [])
    has_metric = response._get_param("MetricName") or metrics or response._get_param("AlarmRule")
    if not has_metric:
        raise responses.ValidationError("MetricName or Metrics must be given")
    for query in metrics:
        if query.get("Expression"):
            try:
                check_expression(query["Expression"])
            except UnsupportedExpression as error:
                raise NotImplementedError(str(error)) from error


def _settle_in(backend: MotoObject, alarm: MotoObject, before: MotoObject, world: World) -> None:
    """Give a new alarm its first state, and leave a changed one the state it had."""
    word = "created" if before is None else "updated"
    for name in ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp"):
        if before is not None:
            setattr(alarm, name, getattr(before, name))
    if before is None:
        alarm.state_value, alarm.state_reason = State.INSUFFICIENT_DATA.value, _INITIAL
    record(backend, alarm, world.clock.now(), "ConfigurationUpdate", f'Alarm "{alarm.name}" {word}', {})
    evaluate_region(backend, world)


REPAIR = Repair(
    name="cloudwatch_alarms",
    service="cloudwatch",
    what="alarms stayed OK whatever the data said; they are evaluated on data and time, and actions are run",
    operations=("PutMetricAlarm", "PutMetricData", "SetAlarmState"),
    patches=(("moto.cloudwatch.models", _patch_models), ("moto.cloudwatch.responses", _patch_put)),
)
