"""The local cloud: everything an environment needs, on loopback, with no account."""
