"""Repairs of moto, one behaviour per module, installed by the explicit list in `catalogue.py`."""
