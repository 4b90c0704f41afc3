"""Types of the SDK's `s3` module."""
