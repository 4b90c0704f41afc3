"""Types of the SDK's `vpc` module."""
