"""A local AWS cloud for the tests that need a real bucket, and the environment `toybox` in it.

The cloud is started once, when the first of them runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lifeboat.core.contract import Contract
from scripts.actions.object_store import S3ObjectStore
from scripts.cli.run_store import open_run_store
from tests.builders import HOME, OTHER, a_contract
from tests.localcloud_aws.cloud_process import CloudProcess
from tests.localcloud_aws.s3_world import make_versioned_bucket
from tests.recovery.operators import Site
from tests.recovery.toy_procedure import BUCKET, PLAN, WORLDS


@pytest.fixture(scope="session")
def shared_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CloudProcess]:
    process = CloudProcess(tmp_path_factory.mktemp("aws"), "--transition-s", "0", "--tick-s", "0.25")
    yield process.wait_until_ready()
    process.stop()


@pytest.fixture
def aws(shared_aws: CloudProcess) -> Iterator[CloudProcess]:
    """The cloud, emptied after the test."""
    yield shared_aws
    shared_aws.admin("POST", "reset")


@pytest.fixture
def contract(aws: CloudProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Contract:
    """An environment whose manifest lies in the bucket, and a checkout that knows it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    (tmp_path / "Pulumi.yaml").write_text("name: lifeboat\n")
    (tmp_path / "environments").mkdir()
    config = {
        "lifeboat:topology": {"regions": [HOME, OTHER], "primary_region": HOME},
        "lifeboat:backups": {"bucket_suffix": "x"},
        "lifeboat:product": "paintbox",
    }
    (tmp_path / "environments" / "Pulumi.toybox.yaml").write_text(yaml.safe_dump({"config": config}))
    monkeypatch.chdir(tmp_path)
    arn = f"arn:aws:s3:::{BUCKET}"
    key = "arn:aws:kms:us-east-2:123456789012:key/1"
    backups = a_contract().backups.model_dump() | {
        "buckets": {OTHER: {"name": BUCKET, "arn": arn, "kms_key_arn": key}}
    }
    made = a_contract(environment="toybox", stack="toybox", backups=backups)
    make_versioned_bucket(aws, BUCKET, OTHER)
    aws.client("s3", OTHER).put_object(
        Bucket=BUCKET, Key="lifeboat/manifest.json", Body=made.model_dump_json().encode()
    )
    return made


@pytest.fixture
def store(contract: Contract) -> S3ObjectStore:
    return open_run_store(contract)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path / "site")
    WORLDS["toybox"] = made.world
    yield made
    del WORLDS["toybox"]


@pytest.fixture
def stopped(site: Site, store: S3ObjectStore) -> str:
    """A run that stopped because its copy could not be verified; returns its id."""
    site.world.findings["make-copy"] = ("3 rows are missing",)
    with pytest.raises(Exception, match="not verified"):
        site.operator(store=store).run(PLAN)
    site.world.findings.clear()
    return store.keys("runs/")[0].split("/")[1]
