"""The stand-in aws plugin: the Pulumi provider that local stacks use instead of the genuine one."""
