"""When two spellings mean the same to RDS."""

from __future__ import annotations

import pytest

from localcloud.provider_aws.types.rds.same_meaning import same_but_for_case, same_database

ARN = "arn:aws:rds:us-west-1:123456789012:db:shop"


@pytest.mark.parametrize(("one", "two"), [("shop", ARN), (ARN, "shop"), (ARN, ARN), ("shop", "shop")])
def test_an_identifier_and_its_arn_name_the_same_database(one: str, two: str) -> None:
    assert same_database(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("op", ARN),
        ("stock", ARN),
        (ARN, ARN.replace("us-west-1", "us-east-2")),
        ("", ARN),
        (None, "shop"),
        ("shop", None),
    ],
)
def test_other_names_name_other_databases(one: object, two: object) -> None:
    assert not same_database(one, two)


def test_case_alone_makes_no_difference() -> None:
    assert same_but_for_case("Sun:05:00-Sun:06:00", "sun:05:00-sun:06:00")
    assert not same_but_for_case("sun", "mon")
    assert not same_but_for_case(1, 1)
