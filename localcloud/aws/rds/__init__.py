"""What the RDS repairs share: facts, passing states, backups, and the servers behind the API."""
