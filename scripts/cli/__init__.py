"""The lifeboat command: thin, and quick to start."""
