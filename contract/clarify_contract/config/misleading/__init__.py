"""What is legal in a config and misleads its reader: one function each, listed in `table`."""
