"""The Python language host of a self-built engine: what lets the CLI run Python programs and policy packs.

The official host is not among the modules an engine can be built from. This package is copied into the cache
and runs with the project's own interpreter; it imports nothing of ours, only the SDK's protocol and gRPC.
"""
