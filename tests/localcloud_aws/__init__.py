"""Tests of the local AWS cloud: mostly the real process over HTTP with boto3."""
