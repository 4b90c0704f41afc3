"""Values of the Fly client, read from the wire: frozen, unknown fields ignored."""
