"""Tests of localcloud.provider_aws, against a local cloud."""
