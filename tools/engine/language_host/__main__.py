"""`python -m tools.engine.language_host`: the host straight from the checkout."""

from .main import main

main()
