"""What Fly accepts, as pure rules: regions that live and those retired, guest sizes, names, machine configs."""
