"""Runbook lint."""
