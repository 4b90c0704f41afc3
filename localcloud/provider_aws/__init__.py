"""The stand-in aws plugin: the Pulumi provider that local stacks use instead of the genuine one.

It proves wiring and recovery logic against the local cloud, not AWS's own behaviour. It must never touch
anything but a loopback endpoint on behalf of a local stack. Each resource type is one small file under
`types/`.
"""
