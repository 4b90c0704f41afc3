"""Volumes and snapshots over time: placement, states, files, retention; the API is api/volumes.py."""
