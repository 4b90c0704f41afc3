"""What the S3 repairs share: which operations exist, checksums, replication, errors, and one lock."""
