"""Addresses of apps: which are given out, to whom, and in which form the APIs show them."""
