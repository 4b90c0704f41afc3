"""The plugin process: `python -m localcloud.provider_aws <engine address>`."""

from __future__ import annotations

import sys

from lifeboat.providerkit.serve import serve
from localcloud.provider_aws.provider import AwsProvider

if __name__ == "__main__":
    serve(AwsProvider(), sys.argv[1:])
