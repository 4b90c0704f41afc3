"""Types of the SDK's `rds` module."""
