"""Native Pulumi provider for Fly.io, package `fly`, on `lifeboat.providerkit`."""
