"""CloudWatch alarms that watch: statistics, the decision, composite rules, metric math, and what follows."""
