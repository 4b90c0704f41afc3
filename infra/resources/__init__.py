"""The desired model turned into Pulumi resources: one component per noun, and `declare` that orders them."""
