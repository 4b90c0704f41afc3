"""The data of a small environment: an app on Fly with one or two groups, no database, quick to make."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.integration.project import Project

_DATA = """
config:
  lifeboat:product: small
  lifeboat:environment: {name}
  lifeboat:owner: whoever tests it
  lifeboat:protected: false
  lifeboat:topology:
    regions: [us-west-1, us-east-2]
    primary_region: us-west-1
    fly_regions: {{us-west-1: sjc, us-east-2: ord}}
  lifeboat:objectives: {{rto_minutes: 60, rpo_minutes: 1500, retention_days: 1}}
  lifeboat:fly:
    organization: lifeboat
    apps:
      web:
        name: {app}
        image: registry.fly.io/{app}:v1
        groups:
          app:
            count: 2
            standbys: 1
            fallback_regions: [lax]
            max_unavailable: 2
            size: shared-cpu-1x
            service: {{check_path: /health/live, check_interval_s: 1, check_grace_s: 1}}
{keeper}  lifeboat:backups:
    {{schedule: "0 2 * * *", retention_days: 1, bucket_suffix: {name}0, replication: true}}
  lifeboat:secrets:
    - {{name: token, purpose: handed in by nobody, generated: false, fly_name: TOKEN}}
  lifeboat:alarms:
    recommended: false
    routing: {{critical: [{{via: email, address: oncall@example.com}}]}}
  lifeboat:audit: {{enabled: false}}
  lifeboat:roles: {{repository: example/small}}
"""

_KEEPER = """          keeper:
            count: 1
            standbys: 0
            size: shared-cpu-1x
            volume: {name: data, size_gib: 1, path: /data}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallEnvironment:
    """An environment that `write` lays into a project.

    Args:
        name: of four to eleven letters and digits.
        has_disk: whether there is the group with a disk, too.
    """

    name: str
    has_disk: bool = True

    @property
    def stack(self) -> str:
        """Its local stack."""
        return f"local-{self.name}"

    @property
    def app(self) -> str:
        """Its app on Fly."""
        return f"{self.name}-web"

    @property
    def machines(self) -> dict[str, bool]:
        """Exactly the machines it declares, by name; true for those that serve, false for standbys."""
        keeper = {"keeper-sjc-1": True} if self.has_disk else {}
        return {"app-ord-1": False, "app-sjc-1": True, "app-sjc-2": True, **keeper}

    def write(self, project: Project) -> SmallEnvironment:
        """Write its data into a project."""
        keeper = _KEEPER if self.has_disk else ""
        project.data_file(self.name).write_text(_DATA.format(name=self.name, app=self.app, keeper=keeper))
        return self

    def image(self, project: Project) -> str:
        """Return the image its data names."""
        found = re.search(r"image: (\S+)", project.data_file(self.name).read_text())
        assert found is not None
        return found[1]

    def renew(self, project: Project) -> None:
        """Write the next image into its data."""
        image, _, tag = self.image(project).rpartition(":v")
        project.change(self.name, f"{image}:v{tag}", f"{image}:v{int(tag) + 1}")
