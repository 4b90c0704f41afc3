"""RDS errors by code; moto finds the HTTP status that belongs to a code in the service's model."""

from __future__ import annotations

import importlib
from typing import cast

NOT_FOUND = "DBInstanceNotFound"
WRONG_STATE = "InvalidDBInstanceState"
BAD_COMBINATION = "InvalidParameterCombination"
BAD_VALUE = "InvalidParameterValue"
NO_BACKUP = "DBInstanceAutomatedBackupNotFound"
NO_KEY = "KMSKeyNotAccessibleFault"
NO_PITR = "PointInTimeRestoreNotEnabled"


def refusal(code: str, message: str) -> Exception:
    """Return the exception that moto answers as this error."""
    exceptions = importlib.import_module("moto.rds.exceptions")
    return cast("Exception", exceptions.RDSClientError(code, message))
