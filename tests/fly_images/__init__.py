"""The images machines run, and the registry that knows them."""
