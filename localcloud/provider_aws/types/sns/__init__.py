"""Types of the SDK's `sns` module."""
