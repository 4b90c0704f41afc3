"""The rules of the runbook lint, one group of programs per file; `JUDGES` in `lint.py` is the whole list."""
