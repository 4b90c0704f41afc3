"""What ModifyDBInstance is told: the pure decision, without any service."""

from __future__ import annotations

from typing import Any

import pytest

from localcloud.provider_aws.types.rds.instance_change import modification

SHOWN: dict[str, Any] = {
    "identifier": "db",
    "allocatedStorage": 100,
    "engineVersion": "16.4",
    "iops": 3000,
    "maintenanceWindow": "sun:05:00-sun:06:00",
    "performanceInsightsEnabled": False,
    "storageType": "gp3",
    "vpcSecurityGroupIds": ["sg-1", "sg-2"],
}


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"allocatedStorage": 100}, {}),
        ({"engineVersion": "16"}, {}),
        ({"engineVersion": "16.4"}, {}),
        ({"engineVersion": "16.5"}, {"EngineVersion": "16.5", "AllowMajorVersionUpgrade": False}),
        ({"engineVersion": "1"}, {"EngineVersion": "1", "AllowMajorVersionUpgrade": False}),
        ({"identifier": "db"}, {}),
        ({"identifier": "other"}, {"NewDBInstanceIdentifier": "other"}),
        ({"maintenanceWindow": "Sun:05:00-Sun:06:00"}, {}),
        ({"vpcSecurityGroupIds": ["sg-2", "sg-1"]}, {}),
        ({"vpcSecurityGroupIds": ["sg-2"]}, {"VpcSecurityGroupIds": ["sg-2"]}),
        ({"allocatedStorage": 200, "iops": 3000}, {"AllocatedStorage": 200, "Iops": 3000}),
        ({"deletionProtection": None}, {"DeletionProtection": False}),
        ({"multiAz": None}, {}),
        ({"maxAllocatedStorage": 100}, {}),
        ({"maxAllocatedStorage": 300}, {"MaxAllocatedStorage": 300}),
        ({"maxAllocatedStorage": None, "allocatedStorage": 100}, {}),
        ({"password": "p"}, {"MasterUserPassword": "p"}),
        ({"passwordWo": "p", "passwordWoVersion": 2}, {"MasterUserPassword": "p"}),
        ({"port": 5433}, {"DBPortNumber": 5433}),
        ({"skipFinalSnapshot": True}, {}),
        (
            {"performanceInsightsEnabled": True, "performanceInsightsRetentionPeriod": 7},
            {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 7},
        ),
    ],
)
def test_only_what_differs_is_told(wanted: dict[str, Any], told: dict[str, Any]) -> None:
    assert modification(SHOWN, wanted, wanted.keys()) == told


def test_only_what_is_asked_for_is_told() -> None:
    assert modification(SHOWN, {"port": 5433, "password": "p", "passwordWo": "q"}, ()) == {}


def test_a_major_upgrade_says_that_it_may_be_one() -> None:
    wanted = {"engineVersion": "17.1", "allowMajorVersionUpgrade": True}
    told = modification(SHOWN, wanted, {"engineVersion"})
    assert told == {"EngineVersion": "17.1", "AllowMajorVersionUpgrade": True}


def test_giving_up_growth_sets_the_limit_to_the_storage() -> None:
    shown = {**SHOWN, "maxAllocatedStorage": 500}
    told = modification(shown, {"allocatedStorage": 100}, {"maxAllocatedStorage"})
    assert told == {"MaxAllocatedStorage": 100}


def test_log_exports_are_told_as_what_begins_and_what_ends() -> None:
    shown = {**SHOWN, "enabledCloudwatchLogsExports": ["postgresql"]}
    told = modification(
        shown, {"enabledCloudwatchLogsExports": ["upgrade"]}, {"enabledCloudwatchLogsExports"}
    )
    exports = {"EnableLogTypes": ["upgrade"], "DisableLogTypes": ["postgresql"]}
    assert told == {"CloudwatchLogsExportConfiguration": exports}
