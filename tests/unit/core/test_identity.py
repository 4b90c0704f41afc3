"""Names of stacks, environments and resources."""

import pytest

from lifeboat.core.errors import ConfigError
from lifeboat.core.identity import (
    bucket_name,
    environment_of,
    is_local_stack,
    local_stack_of,
    resource_name,
)


@pytest.mark.parametrize("stack", ["local", "local-production", "local-template-app"])
def test_local_stacks_are_known(stack: str) -> None:
    assert is_local_stack(stack)


@pytest.mark.parametrize(
    "stack", ["production", "locale", "local_production", "local-", "my-local", "LOCAL", "", "local-Prod"]
)
def test_nothing_else_is_a_local_stack(stack: str) -> None:
    assert not is_local_stack(stack)


@pytest.mark.parametrize("environment", ["local", "production", "template-app"])
def test_a_local_stack_runs_the_data_of_its_environment(environment: str) -> None:
    assert environment_of(local_stack_of(environment)) == environment


@pytest.mark.parametrize("stack", ["", "Production", "a/b", "../x", "a--b", "1a"])
def test_other_stack_names_are_refused(stack: str) -> None:
    with pytest.raises(ConfigError):
        environment_of(stack)


def test_names_are_built_in_one_order() -> None:
    assert resource_name("paintbox", "production", "us-west-1", "database") == (
        "paintbox-production-us-west-1-database"
    )


def test_a_bucket_name_past_the_limit_of_s3_is_refused() -> None:
    assert bucket_name("proofkit", "prod", "eu-central-1", "0e180e85").endswith("-backups-0e180e85")
    with pytest.raises(ConfigError, match="67 characters"):
        bucket_name("p" * 28, "production", "us-west-1", "123456789")
