"""The rules between the keys of a config: one function each, listed in `table`."""
