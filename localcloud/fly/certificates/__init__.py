"""Certificates over time: what DNS says, orders at the ACME authority and their limit, imported chains."""
