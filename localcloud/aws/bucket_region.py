"""The region a request really belongs to: for S3 the bucket's, whichever region the client signed for."""

from __future__ import annotations

import sys
from dataclasses import replace

from localcloud.aws.moto_types import MotoObject
from localcloud.aws.request_scope import Environ, RequestScope


def with_bucket_region(scope: RequestScope, environ: Environ) -> RequestScope:
    """Return the scope with the region of the bucket it names, when that bucket exists."""
    models: MotoObject = sys.modules.get("moto.s3.models")
    if scope.service != "s3" or models is None:
        return scope
    name = environ["PATH_INFO"].strip("/").partition("/")[0]
    place = models.s3_backends.bucket_accounts.get(name)
    if place is None:
        return scope
    partition, account_id = place
    bucket = models.s3_backends[account_id][partition].buckets.get(name)
    return scope if bucket is None else replace(scope, region=bucket.region_name)
