"""The base of our Pulumi providers: the provider protocol, with the gaps of the Python SDK repaired.

A provider is a `Provider` (configuration, invokes, the guard) plus one `ResourceHandler` per resource type.
Handlers see plain Python values, are synchronous, and run in threads. The kit owns the wire: secrets,
unknowns, whole numbers, old inputs, typed errors, partial failure, cancellation, the engine's log. It never
calls a remote service itself.
"""
