"""One app on Fly: the app, its addresses and host names, its secrets in one batch, its machines.

Secret values never pass through here: the provider reads them from Secrets Manager when it applies. Addresses
come before machines, so that an app answers as soon as its first machine does.
"""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from infra.desired.model import DesiredAppSecret, DesiredFlyApp, DesiredMachineGroup, DesiredVolume
from lifeboat.fly.resources import (
    App,
    AppSecrets,
    Certificate,
    EgressIp,
    IpAddress,
    MachineGroup,
    Volume,
)


class FlyApp(pulumi.ComponentResource):
    """An app.

    Attributes:
        hostname: `<app>.fly.dev`.
        addresses: ingress addresses by type.
        egress: egress addresses by logical name.
        certificates: by host name.
        groups: by process group.
        volumes: by logical name.
        templates: the text around each secret's value, by the name the app sees.
        secrets: the batch; None for an app that receives none.
    """

    def __init__(
        self,
        desired: DesiredFlyApp,
        databases: Mapping[str, pulumi.Output[str]],
        secrets: pulumi.Resource,
    ) -> None:
        """Declare an app.

        Args:
            desired: what it should be.
            databases: `<address>:<port>` of each database by logical name.
            secrets: the places of the secrets' values, which must exist before they are looked at.
        """
        super().__init__("lifeboat:infra:FlyApp", desired.name, {})
        self._app = App(
            desired.name, name=desired.physical_name, org=desired.organization, opts=self._options(desired)
        )
        self.hostname: pulumi.Output[str] = self._app.hostname
        name = self._app.name
        self.addresses = {
            one.type: IpAddress(one.name, app=name, type=one.type, opts=self._options(desired))
            for one in desired.addresses
        }
        self.egress = {
            one.name: EgressIp(one.name, app=name, region=one.fly_region, opts=self._options(desired))
            for one in desired.egress
        }
        # Which records a host name needs is known only once the app has its addresses.
        after_addresses = self._child(depends_on=[*self.addresses.values()])
        self.certificates = {
            one.hostname: Certificate(one.name, app=name, hostname=one.hostname, opts=after_addresses)
            for one in desired.certificates
        }
        self.templates = {secret.fly_name: _template(secret, databases) for secret in desired.secrets}
        self.secrets = self._secrets(desired, secrets) if desired.secrets else None
        self.volumes: dict[str, Volume] = {}
        self.groups = {group.group: self._group(group, desired) for group in desired.groups}
        self.register_outputs({"hostname": self.hostname})

    def _secrets(self, desired: DesiredFlyApp, after: pulumi.Resource) -> AppSecrets:
        return AppSecrets(
            desired.secrets_name,
            app=self._app.name,
            sources={secret.fly_name: self._source(secret) for secret in desired.secrets},
            opts=self._child(depends_on=[after]),
        )

    def _source(self, secret: DesiredAppSecret) -> dict[str, object]:
        template = self.templates[secret.fly_name]
        source: dict[str, object] = {"secret": secret.secret, "regions": list(secret.regions)}
        return source if template is None else {**source, "template": template}

    def _group(self, group: DesiredMachineGroup, app: DesiredFlyApp) -> MachineGroup:
        for volume in group.volumes:
            self.volumes[volume.name] = self._volume(volume, group)
        return MachineGroup(
            group.name,
            app=self._app.name,
            group=group.group,
            config=group.config,
            regions=dict(group.regions),
            standby_regions=dict(group.standby_regions),
            fallback_regions=list(group.fallback_regions),
            strategy=group.strategy,
            max_unavailable=group.max_unavailable,
            owner=group.owner,
            secrets_version=self.secrets.version if self.secrets is not None else None,
            volumes=self._volume_ids(group),
            opts=self._child(depends_on=[*self.addresses.values(), *self.egress.values()]),
        )

    def _volume(self, volume: DesiredVolume, group: DesiredMachineGroup) -> Volume:
        return Volume(
            volume.name,
            app=self._app.name,
            region=volume.fly_region,
            name=volume.volume_name,
            size_gb=volume.size_gib,
            snapshot_retention=volume.snapshot_retention_days,
            # Without it the disk may land on a host that has no room for the machine (docs issue 2208).
            compute=group.config["guest"],
            opts=self._child(protect=volume.protected, retain_on_delete=volume.protected),
        )

    def _volume_ids(self, group: DesiredMachineGroup) -> dict[str, list[pulumi.Output[str]]] | None:
        found: dict[str, list[pulumi.Output[str]]] = {}
        # One for each machine; where a failover would want more, the others wait unused.
        for region, count in (*group.regions, *group.standby_regions):
            there = [volume for volume in group.volumes if volume.fly_region == region]
            found[region] = [self.volumes[volume.name].volume_id for volume in there[:count]]
        return found if group.volumes else None

    def _options(self, desired: DesiredFlyApp) -> pulumi.ResourceOptions:
        return self._child(protect=desired.protected, retain_on_delete=desired.protected)

    def _child(
        self,
        *,
        depends_on: list[pulumi.Resource] | None = None,
        protect: bool = False,
        retain_on_delete: bool = False,
    ) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self, depends_on=depends_on, protect=protect, retain_on_delete=retain_on_delete
        )


def _template(
    secret: DesiredAppSecret, databases: Mapping[str, pulumi.Output[str]]
) -> pulumi.Input[str] | None:
    template = secret.template
    if template is None or secret.database is None:
        return template
    return databases[secret.database.name].apply(lambda place: template.replace("{database}", place))
