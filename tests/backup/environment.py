"""An environment that was provisioned, without the engine: contract, bucket with Object Lock, secrets."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml

from lifeboat.core.identity import MANIFEST_KEY, bucket_name
from tests.backup.world import BackupWorld
from tests.builders import ACCOUNT, HOME, OTHER, a_contract_document, a_database_document
from tests.localcloud_aws.rds_world import describe
from tests.localcloud_aws.real_cloud import PASSWORD

SECRET = "paintbox/production/database-master"


class Environment:
    """The environment `production`, whose primary is the world's instance."""

    def __init__(self, world: BackupWorld, directory: Path, region: str, **contract: Any) -> None:
        self.world = world
        self.changes = contract
        self.region = region
        self.project = directory / "project"
        self._suffix = secrets.token_hex(3)
        self.buckets = {
            each: bucket_name("paintbox", "production", each, self._suffix) for each in (HOME, OTHER)
        }
        self._lay_out()
        for each in self.buckets:
            self._make_bucket(each)
        aws = world.cloud.aws
        value = json.dumps({"username": "lifeboat", "password": PASSWORD})
        manager = aws.client("secretsmanager", HOME)
        with suppress(manager.exceptions.ResourceExistsException):
            manager.create_secret(Name=SECRET, SecretString=value)
        aws.client("s3", OTHER).put_object(
            Bucket=self.buckets[OTHER], Key=MANIFEST_KEY, Body=json.dumps(self._contract()).encode()
        )

    def lifeboat(self, *arguments: str, **environment: str) -> tuple[int, Any, str]:
        """Run a command with --json; return exit code, envelope, and what it said."""
        ended = subprocess.run(
            [sys.executable, "-m", "scripts.cli.main", *arguments, "--stack", "production", "--json"],
            cwd=self.project,
            env={**os.environ, **self._variables(), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return ended.returncode, json.loads(ended.stdout) if ended.stdout else None, ended.stderr

    def begin(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a command and leave it alone."""
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.cli.main", *arguments, "--stack", "production"],
            cwd=self.project,
            env={**os.environ, **self._variables(), **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def keys(self, region: str) -> list[str]:
        """Return what lies in a bucket."""
        s3 = self.world.cloud.aws.client("s3", region)
        found = s3.list_objects_v2(Bucket=self.buckets[region]).get("Contents", [])
        return [each["Key"] for each in found]

    def _variables(self) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.world.cloud.aws.url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "PGSSLROOTCERT": str(self.world.cloud.service.health()["ca_file"]),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }

    def _lay_out(self) -> None:
        (self.project / "environments").mkdir(parents=True)
        (self.project / "Pulumi.yaml").write_text("name: lifeboat\nruntime: python\n")
        config = {
            "lifeboat:product": "paintbox",
            "lifeboat:topology": {"regions": [HOME, OTHER], "primary_region": HOME},
            "lifeboat:backups": {"bucket_suffix": self._suffix},
        }
        file = self.project / "environments" / "Pulumi.production.yaml"
        file.write_text(yaml.safe_dump({"config": config}))

    def _make_bucket(self, region: str) -> None:
        s3 = self.world.cloud.aws.client("s3", region)
        s3.create_bucket(
            Bucket=self.buckets[region],
            CreateBucketConfiguration={"LocationConstraint": region},
            ObjectLockEnabledForBucket=True,
        )
        rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
        s3.put_object_lock_configuration(
            Bucket=self.buckets[region],
            ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule},
        )

    def _contract(self) -> dict[str, Any]:
        endpoint = describe(self.world.cloud.aws, self.world.instance, self.region)["Endpoint"]
        database = {
            **a_database_document(),
            "identifier": self.world.instance,
            "address": endpoint["Address"],
            "port": endpoint["Port"],
            "name": self.world.database,
        }
        document = a_contract_document()
        document["databases"] = {HOME: database}
        document["backups"]["buckets"] = {
            region: {
                "name": name,
                "arn": f"arn:aws:s3:::{name}",
                "kms_key_arn": f"arn:aws:kms:{region}:{ACCOUNT}:key/mrk-1",
            }
            for region, name in self.buckets.items()
        }
        return {**document, **self.changes}
