"""Runbook lint: which commands of a runbook no longer exist, lose data, or cannot be checked."""
