"""Types of the SDK's `kms` module."""
