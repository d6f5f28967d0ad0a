"""The sections of a report: each from results and data to blocks."""
