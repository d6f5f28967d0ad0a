"""Documents whose snippets run."""
