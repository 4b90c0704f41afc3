"""The S3 operations that are emulated; every other one is refused.

moto finds the operation by looking for query parameters it knows and does *another* operation when it knows
none: deleting a bucket's metrics configuration would delete the bucket. Asking botocore's routing first
prevents that.
"""

from __future__ import annotations

from localcloud.aws.request_scope import RequestScope

EMULATED = frozenset(
    """
    AbortMultipartUpload CompleteMultipartUpload CopyObject CreateBucket CreateMultipartUpload DeleteBucket
    DeleteBucketCors DeleteBucketEncryption DeleteBucketInventoryConfiguration DeleteBucketLifecycle
    DeleteBucketOwnershipControls DeleteBucketPolicy DeleteBucketReplication DeleteBucketTagging
    DeleteBucketWebsite DeleteObject DeleteObjectTagging DeleteObjects DeletePublicAccessBlock
    GetBucketAccelerateConfiguration GetBucketAcl GetBucketCors GetBucketEncryption
    GetBucketInventoryConfiguration GetBucketLifecycleConfiguration GetBucketLocation GetBucketLogging
    GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus
    GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite
    GetObject GetObjectAcl GetObjectAttributes GetObjectLegalHold GetObjectLockConfiguration
    GetObjectRetention GetObjectTagging GetPublicAccessBlock HeadBucket HeadObject
    ListBucketInventoryConfigurations ListBuckets ListMultipartUploads ListObjectVersions ListObjects
    ListObjectsV2 ListParts PutBucketAccelerateConfiguration PutBucketAcl PutBucketCors PutBucketEncryption
    PutBucketInventoryConfiguration PutBucketLifecycleConfiguration PutBucketLogging
    PutBucketNotificationConfiguration PutBucketOwnershipControls PutBucketPolicy PutBucketReplication
    PutBucketTagging PutBucketVersioning PutBucketWebsite PutObject PutObjectAcl PutObjectLegalHold
    PutObjectLockConfiguration PutObjectRetention PutObjectTagging PutPublicAccessBlock RestoreObject
    SelectObjectContent UploadPart UploadPartCopy
    """.split()  # noqa: SIM905  # a table of words; as a list literal it would be eighty lines
)


def is_emulated(scope: RequestScope) -> bool:
    """Tell whether a request may go to moto; what routing does not know (form posts, OPTIONS) may."""
    return scope.service != "s3" or not scope.action or scope.action in EMULATED
