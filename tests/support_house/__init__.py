"""What the house is held to: its public names, its licences."""
