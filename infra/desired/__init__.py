"""The desired model: pure values derived from the configuration; knows no Pulumi."""
