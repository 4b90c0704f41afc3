"""The Fly provider."""
