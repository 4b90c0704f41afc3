"""What builds, measures and documents the project."""
