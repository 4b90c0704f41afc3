"""The base both Python providers share: it repairs what the SDK servicer leaves out."""
