"""Tests of lifeboat.providerkit."""
