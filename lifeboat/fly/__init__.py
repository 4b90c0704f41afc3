"""Fly.io for programs and for recoveries.

rules/       what Fly accepts (regions, guest sizes, names): pure, no I/O
client/      typed HTTP client, used by the provider and by the operator's scripts
provider/    native Pulumi provider, package `fly`
resources/   the classes a Pulumi program uses
"""
