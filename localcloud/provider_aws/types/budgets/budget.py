"""Budgets of the account, with their notifications; the id is `account:name`."""

from __future__ import annotations

from datetime import UTC, datetime

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.naming import Autoname
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.tags import from_pairs, to_pairs

_TIME = "%Y-%m-%d_%H:%M"
"""How the genuine provider writes moments."""

_FOREVER = "2087-06-15_00:00"
"""What AWS assumes as the end of a budget's period."""

_LIMIT = ("limitAmount", "limitUnit")
_NOTIFICATION = ("comparisonOperator", "notificationType", "threshold", "thresholdType")
_RARE = "the local cloud does not keep it"


def _budget(inputs: Properties, name: str) -> Value:
    budget: Properties = {
        "BudgetName": name,
        "BudgetType": inputs["budgetType"],
        "TimeUnit": inputs["timeUnit"],
        "CostFilters": {entry["name"]: entry["values"] for entry in inputs.get("costFilters") or ()},
    }
    if inputs.get("limitAmount"):
        budget["BudgetLimit"] = {"Amount": inputs["limitAmount"], "Unit": inputs.get("limitUnit", "USD")}
    if inputs.get("costTypes"):
        budget["CostTypes"] = to_service(inputs["costTypes"])
    if inputs.get("timePeriodStart") or inputs["timePeriodEnd"] != _FOREVER:
        budget["TimePeriod"] = _period(inputs)
    return budget


def _period(inputs: Properties) -> Value:
    moments = {"Start": inputs.get("timePeriodStart"), "End": inputs["timePeriodEnd"]}
    return {key: datetime.strptime(text, _TIME).replace(tzinfo=UTC) for key, text in moments.items() if text}


def _create(cloud: Cloud, inputs: Properties) -> str:
    account = inputs.get("accountId") or cloud.account
    cloud.client().create_budget(
        AccountId=account,
        Budget=_budget(inputs, inputs["name"]),
        ResourceTags=to_pairs(inputs.get("tags")),
    )
    return f"{account}:{inputs['name']}"


def _finish(cloud: Cloud, budget_id: str, inputs: Properties) -> None:
    _notify(cloud, budget_id, [], inputs.get("notifications") or [])


def _notify(cloud: Cloud, budget_id: str, old: list[Properties], new: list[Properties]) -> None:
    account, _, name = budget_id.partition(":")
    client, budget = cloud.client(), {"AccountId": account, "BudgetName": name}
    for entry in old:
        if entry not in new:
            client.delete_notification(**budget, Notification=_condition(entry))
    for entry in new:
        if entry not in old:
            client.create_notification(
                **budget, Notification=_condition(entry), Subscribers=_subscribers(entry)
            )


def _condition(entry: Properties) -> Value:
    return to_service({name: entry[name] for name in _NOTIFICATION})


def _subscribers(entry: Properties) -> list[dict[str, str]]:
    kinds = (("EMAIL", "subscriberEmailAddresses"), ("SNS", "subscriberSnsTopicArns"))
    return [
        {"SubscriptionType": kind, "Address": address}
        for kind, key in kinds
        for address in entry.get(key) or ()
    ]


def _read(cloud: Cloud, budget_id: str) -> Properties | None:
    account, _, name = budget_id.partition(":")
    arn = cloud.arn(f"budget/{name}", region="")
    client = cloud.client()
    budget = client.describe_budget(AccountId=account, BudgetName=name)["Budget"]
    filters = budget.get("CostFilters") or {}
    return {
        "name": name,
        "accountId": account,
        "arn": arn,
        "budgetType": budget["BudgetType"],
        "timeUnit": budget["TimeUnit"],
        "limitAmount": budget.get("BudgetLimit", {}).get("Amount"),
        "limitUnit": budget.get("BudgetLimit", {}).get("Unit"),
        "costFilters": [{"name": key, "values": values} for key, values in filters.items()],
        "costTypes": from_service(budget.get("CostTypes")),
        "timePeriodStart": _moment(budget, "Start"),
        "timePeriodEnd": _moment(budget, "End"),
        "notifications": _notifications(client, account, name),
        "tags": from_pairs(client.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]),
    }


def _moment(budget: Value, end: str) -> str | None:
    moment = budget.get("TimePeriod", {}).get(end)
    return moment.astimezone(UTC).strftime(_TIME) if moment else None


def _notifications(client: Value, account: str, name: str) -> list[Properties]:
    found = []
    answer = client.describe_notifications_for_budget(AccountId=account, BudgetName=name)
    for condition in answer.get("Notifications", ()):
        subscribers = client.describe_subscribers_for_notification(
            AccountId=account, BudgetName=name, Notification=_asked(condition)
        )["Subscribers"]
        entry = {key: value for key, value in from_service(condition).items() if key in _NOTIFICATION}
        for kind, key in (("EMAIL", "subscriberEmailAddresses"), ("SNS", "subscriberSnsTopicArns")):
            addresses = [item["Address"] for item in subscribers if item["SubscriptionType"] == kind]
            if addresses:
                entry[key] = addresses
        found.append(entry)
    return found


def _asked(condition: Value) -> Value:
    return {key: value for key, value in condition.items() if key != "NotificationState"}


def _update(cloud: Cloud, budget_id: str, change: Change) -> None:
    account, _, name = budget_id.partition(":")
    client = cloud.client()
    if change.changed - {"notifications", "tags"}:
        client.update_budget(AccountId=account, NewBudget=_budget(change.new, name))
    if change.has("notifications"):
        old = _notifications(client, account, name)
        _notify(cloud, budget_id, old, change.new.get("notifications") or [])
    arn = cloud.arn(f"budget/{name}", region="")
    change.retag(
        remove=lambda keys: client.untag_resource(ResourceARN=arn, ResourceTagKeys=keys),
        add=lambda tags: client.tag_resource(ResourceARN=arn, ResourceTags=to_pairs(tags)),
    )


def _delete(cloud: Cloud, budget_id: str, _known: Properties) -> None:
    account, _, name = budget_id.partition(":")
    cloud.client().delete_budget(AccountId=account, BudgetName=name)


def _same_amount(one: object, two: object) -> bool:
    try:
        return float(str(one)) == float(str(two))
    except ValueError:
        return False


TYPE = ResourceType(
    type="aws:budgets/budget:Budget",
    service="budgets",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"NotFoundException"}),
    name=Autoname(prefix_key="namePrefix", longest=100),
    force_new=("accountId", "billingViewArn", "name", "namePrefix"),
    defaults={"timePeriodEnd": _FOREVER},
    sticky=("accountId", "costFilters", "costTypes", "timePeriodStart", *_LIMIT),
    unordered=(
        "costFilters",
        "notifications",
        "notifications[*].subscriberEmailAddresses",
        "notifications[*].subscriberSnsTopicArns",
    ),
    same={"limitAmount": _same_amount},
    write_only={
        "autoAdjustData": _RARE,
        "billingViewArn": _RARE,
        "filterExpression": _RARE,
        "metrics": _RARE,
        "namePrefix": "the service only knows the resulting name",
        "plannedLimits": _RARE,
    },
)
