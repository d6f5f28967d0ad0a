"""What a run's data shows before an instance starts: findings from a config and a few bytes."""
