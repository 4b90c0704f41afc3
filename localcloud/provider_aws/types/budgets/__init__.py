"""Types of the SDK's `budgets` module."""
