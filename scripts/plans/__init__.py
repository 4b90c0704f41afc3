"""Pure planners: from the contract, the observed world, a request and the moment to a plan; no I/O."""
