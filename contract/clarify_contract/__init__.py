"""What every floor agrees on: the analysis config, the results, the metrics and the container's facts."""
