"""The GraphQL API, really executed: what flyctl still asks there and REST does not have."""
