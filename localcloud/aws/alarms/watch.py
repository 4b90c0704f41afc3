"""Watching a region: evaluate its alarms, change states, run actions, then let composites follow.

Metric alarms are evaluated when data arrives and whenever a minute passes on the cloud's clock, as CloudWatch
does; composite alarms at once after any change.
"""

from __future__ import annotations

import logging
from collections import defaultdict

from localcloud.aws.alarms.decision import COMPARISONS, State, Verdict, decide
from localcloud.aws.alarms.history import record
from localcloud.aws.alarms.notification import message_of, subject_of
from localcloud.aws.alarms.rule import parse_rule
from localcloud.aws.alarms.watched import DataByMetric, condition_of, values_of
from localcloud.aws.moto_types import MotoObject
from localcloud.aws.world import World

_DEEPEST = 10
_log = logging.getLogger(__name__)


def evaluate_region(backend: MotoObject, world: World) -> bool:
    """Evaluate every alarm of a region and tell whether one changed its state."""
    data = _data_by_metric(backend)
    now = world.clock.now()
    has_changed = False
    for alarm in list(backend.alarms.values()):
        if alarm.rule is None and alarm.comparison_operator in COMPARISONS:
            verdict = decide(values_of(alarm, data, now), condition_of(alarm), State(alarm.state_value))
            has_changed |= change_state(backend, alarm, verdict, world)
    return evaluate_composites(backend, world) or has_changed


def _data_by_metric(backend: MotoObject) -> DataByMetric:
    found: dict[tuple[str, str], list[MotoObject]] = defaultdict(list)
    # moto's own metrics are the sizes of buckets, and asking for them reads every object of every bucket.
    wants_sizes = any(alarm.namespace == "AWS/S3" for alarm in list(backend.alarms.values()))
    for one in backend.get_all_metrics() if wants_sizes else list(backend.metric_data):
        found[one.namespace, one.name].append(one)
    return found


def evaluate_composites(backend: MotoObject, world: World) -> bool:
    """Let composite alarms follow their children, and each other, until nothing changes."""
    for depth in range(_DEEPEST):
        composites = [alarm for alarm in list(backend.alarms.values()) if alarm.rule is not None]
        if not any([_follow(backend, alarm, world) for alarm in composites]):
            return depth > 0
    return True


def _follow(backend: MotoObject, alarm: MotoObject, world: World) -> bool:
    rule, children = parse_rule(alarm.rule)

    def state(name: str) -> State:
        child = backend.alarms.get(name.rpartition(":alarm:")[2])
        return State.INSUFFICIENT_DATA if child is None else State(child.state_value)

    seen = ", ".join(f"{name} is {state(name).value}" for name in children)
    verdict = Verdict(state=State.ALARM if rule(state) else State.OK, reason=f"{alarm.rule}: {seen}")
    return change_state(backend, alarm, verdict, world)


def change_state(backend: MotoObject, alarm: MotoObject, verdict: Verdict, world: World) -> bool:
    """Put an alarm into a state, record it and run its actions; tell whether it was another one."""
    old = alarm.state_value
    if old == verdict.state.value:
        return False
    alarm.update_state(verdict.reason, "{}", verdict.state.value)
    now = world.clock.now()
    summary = f"Alarm updated from {old} to {verdict.state.value}"
    states = {
        "oldState": {"stateValue": old},
        "newState": {"stateValue": verdict.state.value, "stateReason": verdict.reason},
    }
    record(backend, alarm, now, "StateUpdate", summary, dict(states))
    if alarm.actions_enabled and not _is_suppressed(backend, alarm):
        for arn in _actions(alarm, verdict.state):
            _run_action(backend, alarm, arn, old, world)
    return True


def _actions(alarm: MotoObject, state: State) -> list[str]:
    by_state = {
        State.ALARM: alarm.alarm_actions,
        State.OK: alarm.ok_actions,
        State.INSUFFICIENT_DATA: alarm.insufficient_data_actions,
    }
    return list(by_state[state] or [])


def _is_suppressed(backend: MotoObject, alarm: MotoObject) -> bool:
    name = getattr(alarm, "actions_suppressor", None)
    suppressor = backend.alarms.get(name.rpartition(":alarm:")[2]) if name else None
    return suppressor is not None and suppressor.state_value == State.ALARM.value


def _run_action(backend: MotoObject, alarm: MotoObject, arn: str, old: str, world: World) -> None:
    now = world.clock.now()
    message = message_of(alarm, account_id=backend.account_id, old_state=old, at=now)
    problem = _publish(backend.account_id, arn, subject_of(alarm), message, world)
    words = f"Failed to execute action {arn}: {problem}" if problem else f"Successfully executed action {arn}"
    state = "Failed" if problem else "Succeeded"
    record(backend, alarm, now, "Action", words, {"actionState": state, "notificationResource": arn})


def _publish(account_id: str, arn: str, subject: str, message: str, world: World) -> str:
    """Publish to the topic and return what went wrong, or nothing."""
    parts = arn.split(":")
    service, region = parts[2], parts[3]
    if service != "sns":
        return f"actions of {service} are not run by the local cloud"
    if world.faults.is_region_down(region):
        return f"{region} cannot be reached"
    from moto.core.exceptions import ServiceException
    from moto.sns.models import sns_backends

    try:
        sns_backends[account_id][region].publish(message, arn=arn, subject=subject)
    except (ServiceException, LookupError) as error:
        _log.warning("alarm action %s failed: %s", arn, error)
        return str(error)
    return ""
