"""The third API, at /api/v1: releases, builds and organisations as flyctl keeps them, and machines' logs."""
