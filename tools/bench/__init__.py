"""Measured figures, printed side by side: ratios of one run on one machine, never timed tests."""
