"""What `clarify estimate` tells: predictions, minutes and money of one run, before it starts."""
