"""What judges playings, one thing each."""
