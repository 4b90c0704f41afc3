"""The edge in front of local machines."""
