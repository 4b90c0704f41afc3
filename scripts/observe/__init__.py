"""Reads of the world; nothing here changes anything."""
