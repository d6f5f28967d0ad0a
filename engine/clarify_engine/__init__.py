"""The analysis: config, data and model in, results out."""
