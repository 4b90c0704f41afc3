"""Types of the SDK's `cloudtrail` module."""
