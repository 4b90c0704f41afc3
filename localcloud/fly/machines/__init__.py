"""What machines do: their life, where they are placed, their processes and health."""
