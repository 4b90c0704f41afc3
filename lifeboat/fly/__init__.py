"""Fly.io for programs and for recoveries.

`rules` is what Fly accepts, pure; `client` the typed HTTP client that the provider and the operator's
scripts use; `provider` the native Pulumi provider, package `fly`; `resources` the classes of a program.
"""
