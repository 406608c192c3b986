"""What every flow must keep, one rule a file."""
