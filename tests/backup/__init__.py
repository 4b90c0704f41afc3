"""Backups: made of real databases, kept in real and in remembered buckets, damaged in every way."""
