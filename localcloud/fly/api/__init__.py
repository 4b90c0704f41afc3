"""Machines REST: one file per noun, each a table of routes and their handlers."""
