"""Internet gateways. Attaching one to a VPC is a step of its own, and so is detaching it before it goes."""

from __future__ import annotations

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.resource_type import Change, ResourceType
from localcloud.provider_aws.tags import from_pairs
from localcloud.provider_aws.types.ec2.removal import remove_when_free
from localcloud.provider_aws.types.ec2.tagging import retag, tag_specifications


def _create(cloud: Cloud, inputs: Properties) -> str:
    answer = cloud.client().create_internet_gateway(
        TagSpecifications=tag_specifications("internet-gateway", inputs)
    )
    return str(answer["InternetGateway"]["InternetGatewayId"])


def _finish(cloud: Cloud, gateway_id: str, inputs: Properties) -> None:
    _attach(cloud, gateway_id, str(inputs.get("vpcId", "")))


def _attach(cloud: Cloud, gateway_id: str, vpc_id: str) -> None:
    client = cloud.client()
    attached = _attached_to(_found(cloud, gateway_id))
    if attached == vpc_id:
        return
    if attached:
        remove_when_free(
            cloud,
            gateway_id,
            lambda: client.detach_internet_gateway(InternetGatewayId=gateway_id, VpcId=attached),
        )
    if vpc_id:
        client.attach_internet_gateway(InternetGatewayId=gateway_id, VpcId=vpc_id)


def _found(cloud: Cloud, gateway_id: str) -> Value:
    return cloud.client().describe_internet_gateways(InternetGatewayIds=[gateway_id])["InternetGateways"][0]


def _attached_to(gateway: Value) -> str:
    attachments = gateway.get("Attachments", ())
    return str(attachments[0]["VpcId"]) if attachments else ""


def _read(cloud: Cloud, gateway_id: str) -> Properties | None:
    gateway = _found(cloud, gateway_id)
    return {
        "arn": cloud.arn(f"internet-gateway/{gateway_id}"),
        "ownerId": gateway["OwnerId"],
        "tags": from_pairs(gateway.get("Tags")),
        "vpcId": _attached_to(gateway),
    }


def _update(cloud: Cloud, gateway_id: str, change: Change) -> None:
    if change.has("vpcId"):
        _attach(cloud, gateway_id, str(change.new.get("vpcId", "")))
    retag(cloud, gateway_id, change)


def _delete(cloud: Cloud, gateway_id: str, _known: Properties) -> None:
    _attach(cloud, gateway_id, "")
    remove_when_free(
        cloud, gateway_id, lambda: cloud.client().delete_internet_gateway(InternetGatewayId=gateway_id)
    )


TYPE = ResourceType(
    type="aws:ec2/internetGateway:InternetGateway",
    service="ec2",
    create=_create,
    finish=_finish,
    read=_read,
    update=_update,
    delete=_delete,
    gone=frozenset({"InvalidInternetGatewayID.NotFound"}),
    sticky=("vpcId",),
)
