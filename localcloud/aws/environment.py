"""What the process keeps of its environment: nothing that belongs to AWS or changes moto's behaviour.

Real credentials or a profile in the operator's shell must be invisible to code that runs in here.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping

_FOREIGN = ("AWS_", "MOTO_", "BOTO_", "INITIAL_NO_AUTH_")
_FIXED = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
}


def clean_environment(environ: MutableMapping[str, str]) -> None:
    """Remove every AWS and moto variable, then set the fixed ones; call it before moto is imported."""
    for name in [name for name in environ if name.startswith(_FOREIGN)]:
        del environ[name]
    environ.update(_FIXED)
