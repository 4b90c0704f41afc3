"""The private Pulumi home, backend and settings of the stacks that run on the local cloud."""
