"""What Fly accepts, as pure rules: living and retired regions, guest sizes, names, machine configs."""
