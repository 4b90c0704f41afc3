"""The lifecycle rules of an S3 bucket."""

from __future__ import annotations

from datetime import datetime

from lifeboat.providerkit.values import Properties, Value
from localcloud.provider_aws.cloud import Cloud
from localcloud.provider_aws.spelling import from_service, to_service
from localcloud.provider_aws.tags import from_pairs, to_pairs
from localcloud.provider_aws.types.s3.bucket_setting import bucket_setting

_SPELLING = {"id": "ID"}
_SIZES = "the local cloud drops sizes"
_MINIMUM = "transitionDefaultMinimumObjectSize"


def _put(cloud: Cloud, bucket: str, inputs: Properties) -> None:
    minimum = {_SPELLED_MINIMUM: inputs[_MINIMUM]} if inputs.get(_MINIMUM) else {}
    cloud.client().put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [_to_rule(rule) for rule in inputs.get("rules") or ()]},
        **minimum,
    )


_SPELLED_MINIMUM = _MINIMUM[0].upper() + _MINIMUM[1:]


def _to_rule(rule: Properties) -> Value:
    spelled = to_service(rule, _SPELLING)
    both = (spelled.get("Filter") or {}).get("And")
    if both and "Tags" in both:
        both["Tags"] = to_pairs(rule["filter"]["and"]["tags"])
    # Without a prefix of its own a rule needs a filter, even an empty one.
    return spelled if "Prefix" in spelled else {"Filter": {}, **spelled}


def _read(cloud: Cloud, bucket: str) -> Properties | None:
    answer = cloud.client().get_bucket_lifecycle_configuration(Bucket=bucket)
    return {
        "bucket": bucket,
        "rules": [_from_rule(rule) for rule in answer["Rules"]],
        _MINIMUM: answer.get(_SPELLED_MINIMUM),
    }


def _from_rule(rule: Value) -> Properties:
    spelled = from_service(rule, _SPELLING)
    both = (spelled.get("filter") or {}).get("and")
    if both and "tags" in both:
        both["tags"] = from_pairs(rule["Filter"]["And"]["Tags"])
    for part in (spelled.get("expiration"), *spelled.get("transitions", ())):
        if part and isinstance(part.get("date"), datetime):
            part["date"] = part["date"].strftime("%Y-%m-%dT%H:%M:%SZ")
    return dict(spelled)


def _delete(cloud: Cloud, bucket: str, _known: Properties) -> None:
    cloud.client().delete_bucket_lifecycle(Bucket=bucket)


TYPE = bucket_setting(
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    put=_put,
    read=_read,
    delete=_delete,
    absent="NoSuchLifecycleConfiguration",
    force_new=("expectedBucketOwner",),
    sticky=(_MINIMUM, "rules[*].filter", "rules[*].prefix"),
    write_only={
        "expectedBucketOwner": "a condition of the call, not kept",
        "timeouts": "limits of the program's own waiting",
        "rules[*].filter.objectSizeGreaterThan": _SIZES,
        "rules[*].filter.objectSizeLessThan": _SIZES,
        "rules[*].filter.and.objectSizeGreaterThan": _SIZES,
        "rules[*].filter.and.objectSizeLessThan": _SIZES,
        "rules[*].noncurrentVersionExpiration.newerNoncurrentVersions": "the local cloud drops it",
    },
)
