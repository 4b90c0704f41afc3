"""Types of the SDK's `ec2` module."""
