"""Prepare one run of a deployed pipeline."""
