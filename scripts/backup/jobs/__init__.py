"""Job definitions for the schedule of an environment's backups: cron, systemd, GitHub Actions; pure texts."""
