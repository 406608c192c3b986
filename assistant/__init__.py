"""The digital employee."""
