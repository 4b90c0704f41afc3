"""Doing: each function makes one remote change, or one and the reads that prove it."""
