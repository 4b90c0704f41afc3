"""What Fly's secret keys do: real cryptography, one module per family."""
