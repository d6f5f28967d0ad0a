"""What AWS Lambda runs: the preparation of a run and the check of its results."""
