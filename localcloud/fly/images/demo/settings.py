"""What the demo app knows from its environment: the machine it runs on and the database it uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The app's settings.

    Args:
        port: loopback port to listen on; 0 takes any.
        version: what the image says it is.
        primary_region: the one region that writes; empty when every region does.
        database_url: libpq connection string, a secret; empty without a database.
        heartbeat_s: seconds between two heartbeat rows.
        connections: most connections to the database at once, the heartbeat's included.
    """

    port: int
    version: str
    app: str
    machine: str
    region: str
    process_group: str
    image_ref: str
    primary_region: str
    database_url: str = field(repr=False)
    heartbeat_s: float = 1.0
    connections: int = 4

    @classmethod
    def from_environment(cls, env: Mapping[str, str], version: str) -> Settings:
        """Read the variables Fly gives a machine, and ours: DATABASE_URL, LIFEBOAT_HEARTBEAT_S."""
        return cls(
            port=int(env.get("PORT", "8080")),
            version=version,
            app=env.get("FLY_APP_NAME", ""),
            machine=env.get("FLY_MACHINE_ID", ""),
            region=env.get("FLY_REGION", ""),
            process_group=env.get("FLY_PROCESS_GROUP", ""),
            image_ref=env.get("FLY_IMAGE_REF", ""),
            primary_region=env.get("PRIMARY_REGION", ""),
            database_url=env.get("DATABASE_URL", ""),
            heartbeat_s=float(env.get("LIFEBOAT_HEARTBEAT_S", "1")),
        )

    @property
    def is_writer(self) -> bool:
        """Whether this machine's region may write."""
        return not self.primary_region or self.primary_region == self.region

    def facts(self) -> dict[str, str]:
        """Return what may be shown to anybody."""
        return {
            "app": self.app,
            "machine": self.machine,
            "region": self.region,
            "primary_region": self.primary_region,
            "process_group": self.process_group,
            "image_ref": self.image_ref,
            "version": self.version,
            "database": "configured" if self.database_url else "not configured",
        }
