"""The shared kernel: errors, time, retry decisions, secrets, units, names, and the contract of both flows.

Imports nothing of ours and does no I/O but reading the clock.
"""
