"""Environment data, read and validated before anything else happens."""
