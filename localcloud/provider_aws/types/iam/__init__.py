"""Types of the SDK's `iam` module."""
