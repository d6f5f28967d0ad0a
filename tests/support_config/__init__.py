"""Configs to test with: valid ones of each modality, changes to them, and random ones."""
