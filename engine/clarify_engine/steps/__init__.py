"""The steps between checked input and results: host the model, measure bias, explain, report."""
