"""The Pulumi program: environment data in, resources and the versioned contract out."""
