"""The local AWS: moto in our own process, repaired where a recovery would otherwise be told a lie."""
