"""The program against a recording engine: what it registers, checked over all resources at once."""
