"""Fly's own description of its API, what of it the wire is known to differ in, and the check against both."""
