"""What `clarify explain` tells: findings, metrics and messages, from where each of them is made."""
