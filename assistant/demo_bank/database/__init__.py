"""The bank's own database, which nobody else opens."""
