"""Who may change a machine besides the program."""

from __future__ import annotations

from enum import StrEnum


class Owner(StrEnum):
    """`iac`: the program owns all of the configuration; `deploy`: deploys own image and release metadata."""

    IAC = "iac"
    DEPLOY = "deploy"
