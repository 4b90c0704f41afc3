"""The operator side: recovery procedures and the command line."""
