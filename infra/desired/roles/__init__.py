"""Builds the roles: five that people and pipelines assume, and those that AWS services do.

One file per role. Each says what it may and, where it matters, what it may not whatever else says so.
"""

from infra.desired.roles.build import build_policies, build_roles

__all__ = ["build_policies", "build_roles"]
