"""App secrets: where values come from, what is sent, and what the state may know of them."""
