"""The Fly.io resources a Pulumi program declares; each class is one type of the `fly` package."""

from lifeboat.fly.resources.app import App
from lifeboat.fly.resources.app_secrets import AppSecrets
from lifeboat.fly.resources.certificate import Certificate
from lifeboat.fly.resources.dns_requirements import AcmeChallenge, DnsOwnership, DnsRequirements
from lifeboat.fly.resources.egress_ip import EgressIp
from lifeboat.fly.resources.functions import (
    get_app,
    get_certificate,
    get_machines,
    get_placements,
    get_regions,
    get_volumes,
)
from lifeboat.fly.resources.ip_address import IpAddress
from lifeboat.fly.resources.machine import Machine
from lifeboat.fly.resources.machine_group import MachineGroup
from lifeboat.fly.resources.provider import Provider
from lifeboat.fly.resources.volume import Volume

__all__ = [
    "AcmeChallenge",
    "App",
    "AppSecrets",
    "Certificate",
    "DnsOwnership",
    "DnsRequirements",
    "EgressIp",
    "IpAddress",
    "Machine",
    "MachineGroup",
    "Provider",
    "Volume",
    "get_app",
    "get_certificate",
    "get_machines",
    "get_placements",
    "get_regions",
    "get_volumes",
]
