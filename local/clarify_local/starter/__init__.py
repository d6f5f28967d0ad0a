"""What `clarify init` writes: choices made by looking at data, each with its reason."""
