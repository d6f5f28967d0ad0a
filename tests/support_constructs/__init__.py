"""Stacks of every kind of configuration, synthesised once, and ways to read their templates."""
