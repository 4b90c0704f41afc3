"""The declared resource types, one file each, in a folder per service of the SDK."""
