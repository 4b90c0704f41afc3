"""Types of the SDK's `secretsmanager` module."""
