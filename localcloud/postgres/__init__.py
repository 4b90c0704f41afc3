"""Real PostgreSQL servers behind the local cloud's RDS: servers, endpoints, archives and snapshots."""
