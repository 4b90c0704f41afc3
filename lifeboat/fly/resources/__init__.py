"""The Fly.io resources a Pulumi program declares; each class is one type of the `fly` package."""
