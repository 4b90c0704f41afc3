"""Where a local stack keeps what is its own: everything under `.lifeboat/`, nothing in the user's home.

Names paths and touches no file. A private PULUMI_HOME is the safety of the whole arrangement: the stand-in
aws plugin is installed there and nowhere else, so no other stack can ever pick it up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifeboat.core.identity import LOCAL, PROJECT
from lifeboat.core.project import ENVIRONMENTS, RUNTIME, find_project
from localcloud.supervisor.directory import CloudDirectory
from localcloud.supervisor.services import DATABASES


@dataclass(frozen=True, slots=True)
class LocalHome:
    """The paths of one checkout's local stacks.

    Args:
        project: absolute directory that holds Pulumi.yaml.
    """

    project: Path

    @classmethod
    def here(cls) -> LocalHome:
        """Return the home of the checkout that the working directory is in.

        Raises:
            ConfigError: the working directory is in none.
        """
        return cls(find_project(Path.cwd()))

    @property
    def runtime(self) -> Path:
        """The git-ignored directory that holds everything below."""
        return self.project / RUNTIME

    @property
    def cloud(self) -> CloudDirectory:
        """The local cloud's directory."""
        return CloudDirectory(self.runtime / "cloud")

    @property
    def pulumi_home(self) -> Path:
        """The private PULUMI_HOME."""
        return self.runtime / "pulumi"

    @property
    def backend(self) -> Path:
        """The directory of the file:// backend."""
        return self.runtime / "state"

    @property
    def passphrase(self) -> Path:
        """The passphrase file."""
        return self.runtime / "passphrase"

    @property
    def no_aws_configuration(self) -> Path:
        """An empty file that stands in for the user's AWS configuration and credentials."""
        return self.runtime / "no-aws-configuration"

    @property
    def fly_configuration(self) -> Path:
        """The directory that stands in for flyctl's own, which may hold a real account's token.

        It goes where the cloud's state goes: flyctl remembers versions of secrets, and a new cloud has none.
        """
        return self.cloud.state / "flyctl"

    @property
    def database_authority(self) -> Path:
        """The certificate that the local databases' certificates are checked with (PEM)."""
        return self.cloud.data_directory(DATABASES) / "authority" / "ca.pem"

    @property
    def environments(self) -> Path:
        """The directory of the environments' data, which is also where Pulumi keeps stack settings."""
        return self.project / ENVIRONMENTS

    def settings(self, stack: str) -> Path:
        """Return a stack's settings file, or an environment's data file: Pulumi names both alike."""
        return self.environments / f"Pulumi.{stack}.yaml"

    @property
    def shared_settings(self) -> Path:
        """The committed settings of stack `local`, whose salt every local stack uses."""
        return self.settings(LOCAL)

    def checkpoint(self, stack: str) -> Path:
        """Return the file that holds a stack's state."""
        return self.backend / ".pulumi" / "stacks" / PROJECT / f"{stack}.json"

    def engine_locks(self, stack: str) -> Path:
        """Return the directory of the locks the engine takes on a stack."""
        return self.backend / ".pulumi" / "locks" / "organization" / PROJECT / stack

    def note(self, stack: str) -> Path:
        """Return what the last `up` of a stack noted for the next."""
        return self.runtime / "stacks" / f"{stack}.json"

    def work_lock(self, stack: str) -> Path:
        """Return the lock that one command at a time holds on a stack."""
        return self.runtime / "stacks" / f"{stack}.lock"

    def created(self, stack: str) -> Path:
        """Return the file the plugin notes each created resource in, one JSON object per line."""
        return self.runtime / "stacks" / f"{stack}.created.jsonl"
