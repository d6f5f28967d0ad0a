"""Judge the results of one run."""
