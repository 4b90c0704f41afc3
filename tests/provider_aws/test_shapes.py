"""Shapes read from the SDK's source, kept on disk, and used to validate inputs."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
from pulumi import _types

from lifeboat.core.errors import ConfigError
from lifeboat.providerkit.values import UNKNOWN, Asset
from localcloud.provider_aws.sdk_source import Sdk, installed_sdk, read_shape
from localcloud.provider_aws.shape import Property, Shape
from localcloud.provider_aws.shape_cache import load_shape, shape_of
from localcloud.provider_aws.validate import validate

VERSIONING = "aws:s3/bucketVersioning:BucketVersioning"
INSTANCE = "aws:rds/instance:Instance"


def _failures(token: str, inputs: dict[str, Any]) -> dict[str, str]:
    return {failure.path: failure.reason for failure in validate(shape_of(token), inputs)}


def test_the_args_class_is_the_one_the_module_exports_first() -> None:
    shape = read_shape(installed_sdk(), VERSIONING)
    assert set(shape.inputs) == {"bucket", "versioningConfiguration", "expectedBucketOwner", "mfa", "region"}
    assert shape.inputs["bucket"] == Property(type="str", required=True)
    assert shape.inputs["versioningConfiguration"].type == [
        "object",
        "BucketVersioningVersioningConfigurationArgs",
    ]
    assert not shape.inputs["mfa"].required


def test_outputs_and_secret_outputs_are_read() -> None:
    shape = read_shape(installed_sdk(), INSTANCE)
    assert (len(shape.inputs), len(shape.outputs)) == (73, 86)
    assert shape.secret_outputs == {"password", "passwordWo"}


@pytest.mark.parametrize(
    ("token", "module"),
    [
        (VERSIONING, "pulumi_aws.s3.bucket_versioning"),
        (INSTANCE, "pulumi_aws.rds.instance"),
        ("aws:budgets/budget:Budget", "pulumi_aws.budgets.budget"),
    ],
)
def test_a_shape_agrees_with_the_imported_sdk(token: str, module: str) -> None:
    declared = importlib.import_module(module)
    args_class = getattr(declared, declared.__all__[0])
    assert set(shape_of(token).inputs) == set(_types.input_type_py_to_pulumi_names(args_class).values())


def test_what_is_kept_on_disk_is_what_was_read(tmp_path: Path) -> None:
    sdk = installed_sdk()
    read = load_shape(sdk, VERSIONING, tmp_path)
    files = list(tmp_path.rglob("*.json"))
    assert len(files) == 1
    assert load_shape(sdk, VERSIONING, tmp_path) == read
    files[0].write_text(files[0].read_text().replace("mfa", "other"))
    assert "other" in load_shape(sdk, VERSIONING, tmp_path).inputs
    files[0].write_text("{")
    assert load_shape(sdk, VERSIONING, tmp_path) == read


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    assert load_shape(installed_sdk(), VERSIONING, blocked).inputs


def test_another_version_of_the_sdk_is_another_cache(tmp_path: Path) -> None:
    sdk = installed_sdk()
    load_shape(sdk, VERSIONING, tmp_path)
    load_shape(Sdk(folder=sdk.folder, version="0.0.1"), VERSIONING, tmp_path)
    assert len(list(tmp_path.rglob("*.json"))) == 2


def test_a_token_the_sdk_does_not_know_is_refused() -> None:
    with pytest.raises(ConfigError, match="has no type"):
        read_shape(installed_sdk(), "aws:s3/nonsense:Nonsense")


def test_a_shape_survives_json() -> None:
    shape = shape_of("aws:budgets/budget:Budget")
    assert Shape.from_json(shape.to_json()) == shape


@pytest.mark.parametrize(
    ("inputs", "path", "reason"),
    [
        ({}, "instanceClass", "missing"),
        ({"allocatedStorage": "20"}, "allocatedStorage", "must be a whole number, not a text"),
        ({"allocatedStorage": 20.5}, "allocatedStorage", "must be a whole number, not a number"),
        ({"allocatedStorage": True}, "allocatedStorage", "must be a whole number, not true or false"),
        ({"multiAz": "yes"}, "multiAz", "must be true or false"),
        ({"engine": 5}, "engine", "must be a text"),
        ({"tags": ["a"]}, "tags", "must be a map"),
        ({"tags": {"a": 1}}, "tags.a", "must be a text"),
        ({"vpcSecurityGroupIds": "sg"}, "vpcSecurityGroupIds", "must be a list"),
        ({"vpcSecurityGroupIds": ["sg", 1]}, "vpcSecurityGroupIds[1]", "must be a text"),
        ({"restoreToPointInTime": {"restoreTim": "x"}}, "restoreToPointInTime.restoreTim", "did you mean"),
        ({"multiAZ": True}, "multiAZ", "did you mean multiAz"),
    ],
)
def test_wrong_inputs_are_named_by_their_path(inputs: dict[str, Any], path: str, reason: str) -> None:
    found = _failures(INSTANCE, inputs if path == "instanceClass" else {"instanceClass": "c", **inputs})
    assert list(found) == [path]
    assert reason in found[path]


def test_unknown_values_and_absent_ones_fit_anywhere() -> None:
    assert _failures(INSTANCE, {"instanceClass": UNKNOWN, "tags": {"a": UNKNOWN}, "port": None}) == {}
    assert _failures(INSTANCE, {"instanceClass": "c", "__defaults": []}) == {}


def test_assets_fit_where_the_sdk_says_so() -> None:
    token = "aws:s3/bucketObjectv2:BucketObjectv2"
    assert _failures(token, {"bucket": "b", "source": Asset(text="x")}) == {}
    assert "must be an asset" in _failures(token, {"bucket": "b", "source": "x"})["source"]
