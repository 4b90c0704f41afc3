"""The few names of the environment file that are needed before any contract can be read.

The operator's side must work when neither state nor program is at hand, so it reads these values from the
data itself and computes the manifest's place with `lifeboat.core.identity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import MANIFEST_KEY, bucket_name


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestPlace:
    """A region's bucket in which the manifest may lie."""

    region: str
    bucket: str
    key: str


def manifest_places(environment: str, directory: Path) -> tuple[ManifestPlace, ...]:
    """Return where the manifest of an environment can be, the recovery region first.

    A failover swaps the roles of the two regions and the data may lag behind the world, so both are named.

    Args:
        environment: name of the environment.
        directory: the folder of the `Pulumi.<environment>.yaml` files.

    Raises:
        ConfigError: no such file, or one of the names is missing from it.
    """
    path = directory / f"Pulumi.{environment}.yaml"
    try:
        config = yaml.safe_load(path.read_text())["config"]
        topology = config["lifeboat:topology"]
        regions: list[str] = topology["regions"]
        primary: str = topology["primary_region"]
        suffix: str = config["lifeboat:backups"]["bucket_suffix"]
        product: str = config["lifeboat:product"]
    except FileNotFoundError:
        raise ConfigError(
            f"environment {environment!r} has no file {path.name}",
            hint=f"the known ones are in {directory.name}/",
        ) from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path.name}: cannot name the manifest: {error}", hint=f"run `lifeboat validate {environment}`"
        ) from error
    ordered = sorted(regions, key=lambda region: region == primary)
    return tuple(
        ManifestPlace(
            region=region, bucket=bucket_name(product, environment, region, suffix), key=MANIFEST_KEY
        )
        for region in ordered
    )
