"""ComponentResources: the only part of the program that declares cloud resources."""
