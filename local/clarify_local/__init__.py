"""The deployed stack, run on this machine."""
