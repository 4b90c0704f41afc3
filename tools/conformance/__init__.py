"""Foreign clients against the local cloud: what we cannot install is run by whoever has it."""
