"""What the package's types look like: one declaration feeds the published schema, the checks, the diffs."""
