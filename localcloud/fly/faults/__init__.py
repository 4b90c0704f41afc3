"""Declared faults of the emulated Fly: what is wrong, and what that does to a request or a machine."""
