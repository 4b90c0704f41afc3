"""Budgets can be changed, and subscribers and tags read back; stock moto has none of these operations."""

from __future__ import annotations

import json

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.repairs.json_error import json_error
from localcloud.aws.repairs.repair import Repair
from localcloud.aws.world import World


def _patch(responses: MotoObject, _world: World) -> None:
    response = responses.BudgetsResponse
    create = response.create_budget

    def create_with_tags(self: MotoObject) -> str:
        answer = str(create(self))
        name = self._get_param("Budget")["BudgetName"]
        _named(self, name).tags = self._get_param("ResourceTags") or []
        return answer

    response.create_budget = create_with_tags
    response.update_budget = _update_budget
    response.update_notification = _update_notification
    response.create_subscriber = _create_subscriber
    response.delete_subscriber = _delete_subscriber
    response.describe_subscribers_for_notification = _describe_subscribers
    response.list_tags_for_resource = _list_tags
    response.tag_resource = _tag
    response.untag_resource = _untag


def _update_budget(self: MotoObject) -> str:
    new = self._get_param("NewBudget")
    budget = _named(self, new["BudgetName"])
    kept = {name: budget.budget[name] for name in ("TimePeriod",) if name in budget.budget}
    budget.budget = {**kept, **new}
    return json.dumps({})


def _update_notification(self: MotoObject) -> str:
    _notification(self, "OldNotification").details = self._get_param("NewNotification")
    return json.dumps({})


def _create_subscriber(self: MotoObject) -> str:
    _notification(self, "Notification").subscribers.append(self._get_param("Subscriber"))
    return json.dumps({})


def _delete_subscriber(self: MotoObject) -> str:
    notification, doomed = _notification(self, "Notification"), self._get_param("Subscriber")
    notification.subscribers = [one for one in notification.subscribers if one != doomed]
    return json.dumps({})


def _describe_subscribers(self: MotoObject) -> str:
    return json.dumps({"Subscribers": _notification(self, "Notification").subscribers})


def _list_tags(self: MotoObject) -> str:
    return json.dumps({"ResourceTags": getattr(_by_arn(self), "tags", [])})


def _tag(self: MotoObject) -> str:
    given = {tag["Key"]: tag for tag in self._get_param("ResourceTags")}
    budget = _by_arn(self)
    kept = [tag for tag in getattr(budget, "tags", []) if tag["Key"] not in given]
    budget.tags = [*kept, *given.values()]
    return json.dumps({})


def _untag(self: MotoObject) -> str:
    budget, keys = _by_arn(self), self._get_param("ResourceTagKeys")
    budget.tags = [tag for tag in getattr(budget, "tags", []) if tag["Key"] not in keys]
    return json.dumps({})


def _named(self: MotoObject, name: str) -> MotoObject:
    account_id = self._get_param("AccountId") or self.current_account
    self.backend.describe_budget(account_id=account_id, budget_name=name)
    return self.backend.budgets[account_id][name]


def _by_arn(self: MotoObject) -> MotoObject:
    # arn:aws:budgets::<account>:budget/<name>
    return _named(self, self._get_param("ResourceARN").partition(":budget/")[2])


def _notification(self: MotoObject, parameter: str) -> MotoObject:
    wanted = self._get_param(parameter)
    for notification in _named(self, self._get_param("BudgetName")).notifications:
        if {**notification.details, **wanted} == notification.details:
            return notification
    name = self._get_param("BudgetName")
    raise json_error("NotFoundException", f"Unable to find the notification of budget {name}")


REPAIR = Repair(
    name="budgets_changes",
    service="budgets",
    what="budgets could not be changed, nor their subscribers and tags read back",
    operations=(
        "UpdateBudget",
        "UpdateNotification",
        "CreateSubscriber",
        "DeleteSubscriber",
        "DescribeSubscribersForNotification",
        "ListTagsForResource",
        "TagResource",
        "UntagResource",
    ),
    patches=(("moto.budgets.responses", _patch),),
)
