"""Lifeboat: infrastructure for Fly.io + AWS that knows how to come back."""
