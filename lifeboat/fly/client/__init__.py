"""Typed client of Fly.io: Machines REST first, GraphQL and uiex only where REST has nothing."""
