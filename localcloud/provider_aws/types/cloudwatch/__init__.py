"""Types of the SDK's `cloudwatch` module."""
